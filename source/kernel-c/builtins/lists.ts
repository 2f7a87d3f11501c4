import { virtual } from '../../machine/address.ts';
import { atLeast } from '../../machine/kernel-version.ts';
import { type Environment, operation, query } from './builtin.ts';

/** Offset of `prev`; `next` is the first member. */
const PREV = 4;

const get = ({ kernel }: Environment, address: number): number => Number(kernel.read(virtual(address), 4));
const set = ({ kernel }: Environment, address: number, value: number): void =>
	kernel.write(virtual(address), 4, BigInt(value >>> 0));

const link = (env: Environment, prev: number, entry: number, next: number): void => {
	set(env, next + PREV, entry);
	set(env, entry, next);
	set(env, entry + PREV, prev);
	set(env, prev, entry);
};

const unlink = (env: Environment, entry: number): void => {
	const next = get(env, entry);
	const prev = get(env, entry + PREV);
	set(env, next + PREV, prev);
	set(env, prev, next);
};

/** include/linux/poison.h: where a deleted entry points, so that its next use faults. */
const poison = ({ kernel }: Environment): readonly [next: number, prev: number] => {
	const release = kernel.view.machine.kernel;
	if (!atLeast(release, '4.3')) return [0x00100100, 0x00200200];
	return [0x100, atLeast(release, '5.0') ? 0x122 : 0x200];
};

const begin = (env: Environment, list: number): void => {
	set(env, list, list);
	set(env, list + PREV, list);
};

const addAfter = (env: Environment, entry: number, head: number): void => link(env, head, entry, get(env, head));
const addBefore = (env: Environment, entry: number, head: number): void =>
	link(env, get(env, head + PREV), entry, head);

/** include/linux/list.h; what is a macro there is one in header-macros.ts. */
export const listBuiltins = [
	operation('void INIT_LIST_HEAD(struct list_head *list)', 'make an empty list', (env, list = 0) => begin(env, list)),
	operation(
		'void list_add(struct list_head *new, struct list_head *head)',
		'put an entry at the start of a list',
		(env, entry = 0, head = 0) => addAfter(env, entry, head),
	),
	operation(
		'void list_add_tail(struct list_head *new, struct list_head *head)',
		'put an entry at the end of a list',
		(env, entry = 0, head = 0) => addBefore(env, entry, head),
	),
	operation('void list_del(struct list_head *entry)', 'take an entry off its list', (env, entry = 0) => {
		unlink(env, entry);
		const [next, prev] = poison(env);
		set(env, entry, next);
		set(env, entry + PREV, prev);
	}),
	operation(
		'void list_del_init(struct list_head *entry)',
		'take an entry off its list and make it an empty list',
		(env, entry = 0) => {
			unlink(env, entry);
			begin(env, entry);
		},
	),
	operation(
		'void list_move(struct list_head *list, struct list_head *head)',
		'take an entry off its list and put it at the start of another',
		(env, entry = 0, head = 0) => {
			unlink(env, entry);
			addAfter(env, entry, head);
		},
	),
	operation(
		'void list_move_tail(struct list_head *list, struct list_head *head)',
		'take an entry off its list and put it at the end of another',
		(env, entry = 0, head = 0) => {
			unlink(env, entry);
			addBefore(env, entry, head);
		},
	),
	query(
		'int list_empty(const struct list_head *head)',
		'whether a list has no entry',
		(env, head = 0) => get(env, head) === head,
	),
];
