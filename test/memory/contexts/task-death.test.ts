import { describe, expect, it } from 'vitest';
import { faultMachine } from '../../../source/oracle/faults/fault-machines.ts';
import { Session } from '../../../source/session/session.ts';

const GFP_HIGHUSER = 'GFP_HIGHUSER';
const nested = (depth: number): string =>
	`static int __init m_init(void) { int i; for (i = 0; i < ${depth}; i++) kmap_atomic(alloc_page(${GFP_HIGHUSER})); return 0; }
module_init(m_init);
MODULE_LICENSE("GPL");`;

const open = (name: string, depth: number): Promise<Session> =>
	Session.open({ machine: faultMachine(name), readFile: () => nested(depth) });
const textsOf = ({ view }: Session): readonly string[] => view.log.map(({ text }) => text);

// oracle: ka_21 of deb61-686 and arm-419-debug. With CONFIG_HIGHPTE the death itself needs a kmap_atomic slot.
describe('a task that is killed with all its kmap_atomic slots in use', () => {
	it('cannot die on 6.1: it faults again and sleeps for ever, and its slots are found incomplete', async () => {
		const session = await open('deb61-686', 20);
		session.execute('insmod m.c');
		const bugs = textsOf(session).filter(text => text === 'kernel BUG at mm/highmem.c:467!');
		expect(bugs).toHaveLength(2);
		expect(textsOf(session)).toContain('Fixing recursive fault but reboot is needed!');
		expect(textsOf(session).some(text => text.includes('mm/highmem.c:650 __kmap_local_sched_out'))).toBe(true);
		expect([...session.view.tasks.values()].find(({ comm }) => comm === 'insmod')).toMatchObject({
			state: 'uninterruptible',
			waitingOn: 'do_exit',
		});
		expect(session.execute('insmod other.c').kind).toBe('fault');
	});

	it('leaves the slots of its CPU taken on 4.19 with DEBUG_HIGHMEM, so that the next program dies too', async () => {
		const session = await open('arm-419-debug', 17);
		expect(session.execute('insmod m.c').kind).toBe('fault');
		expect(session.execute('insmod other.c').kind).toBe('fault');
		expect(textsOf(session).filter(text => text.startsWith('Fixing recursive fault'))).toHaveLength(2);
	});
});
