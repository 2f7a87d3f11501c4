import type { PlainPhrase } from '../../phrases/phrase.ts';

/** Macros of include/linux/list.h and asm-generic/atomic.h, each with its line of help. */
export const DATA_MACROS: readonly (readonly [definition: string, help: PlainPhrase])[] = [
	['LIST_HEAD_INIT(name) { &(name), &(name) }', 'first value of an empty list'],
	['LIST_HEAD(name) struct list_head name = LIST_HEAD_INIT(name)', 'declare an empty list'],
	['list_entry(ptr, type, member) container_of(ptr, type, member)', 'the struct around an entry'],
	['list_first_entry(head, type, member) list_entry((head)->next, type, member)', 'the first struct of a list'],
	['list_last_entry(head, type, member) list_entry((head)->prev, type, member)', 'the last struct of a list'],
	[
		'list_next_entry(pos, member) list_entry((pos)->member.next, typeof(*(pos)), member)',
		'the struct behind one in its list',
	],
	['list_for_each(pos, head) for ((pos) = (head)->next; (pos) != (head); (pos) = (pos)->next)', 'go through a list'],
	[
		'list_for_each_safe(pos, n, head) for ((pos) = (head)->next, (n) = (pos)->next; (pos) != (head); (pos) = (n), (n) = (pos)->next)',
		'go through a list whose entries may be taken off',
	],
	[
		'list_for_each_entry(pos, head, member) for ((pos) = list_first_entry(head, typeof(*(pos)), member); &(pos)->member != (head); (pos) = list_next_entry(pos, member))',
		'go through the structs of a list',
	],
	[
		'list_for_each_entry_safe(pos, n, head, member) for ((pos) = list_first_entry(head, typeof(*(pos)), member), (n) = list_next_entry(pos, member); &(pos)->member != (head); (pos) = (n), (n) = list_next_entry(n, member))',
		'go through the structs of a list, which may be taken off',
	],
	['ATOMIC_INIT(i) { (i) }', 'first value of an atomic_t'],
	['atomic_read(v) ((v)->counter)', 'value of an atomic_t'],
	['atomic_set(v, i) ((v)->counter = (i))', 'set an atomic_t'],
	['atomic_inc(v) ((void)++(v)->counter)', 'add 1 to an atomic_t'],
	['atomic_dec(v) ((void)--(v)->counter)', 'take 1 from an atomic_t'],
	['atomic_add(i, v) ((void)((v)->counter += (i)))', 'add to an atomic_t'],
	['atomic_sub(i, v) ((void)((v)->counter -= (i)))', 'take from an atomic_t'],
	['atomic_inc_return(v) (++(v)->counter)', 'add 1 to an atomic_t and give its value'],
	['atomic_dec_return(v) (--(v)->counter)', 'take 1 from an atomic_t and give its value'],
	['atomic_dec_and_test(v) (--(v)->counter == 0)', 'take 1 from an atomic_t and tell whether it became 0'],
];
