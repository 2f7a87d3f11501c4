import { describe, expect, it } from 'vitest';
import { findMachine } from '../../source/machine/machines.ts';
import { Session } from '../../source/session/session.ts';

const open = (files: Readonly<Record<string, string>> = {}) =>
	Session.open({ machine: findMachine('laptop-2g-nopae'), readFile: path => files[path] ?? '' });

const said = (session: Session, text: string): string | undefined => {
	const outcome = session.execute(text);
	return outcome.kind === 'done' ? String(outcome.value) : outcome.kind;
};

describe('set_cpus_allowed_ptr', () => {
	it('takes the shell to another CPU, and undo back', async () => {
		const session = await open();
		const pid = session.view.currentTask.pid;
		session.execute('set_cpus_allowed_ptr(current, cpumask_of(1))');
		expect(said(session, 'smp_processor_id()')).toBe('1');
		expect(session.view.currentTask.pid).toBe(pid);
		session.execute('undo');
		session.execute('undo');
		expect(said(session, 'smp_processor_id()')).toBe('0');
	});

	it('takes a module along that sleeps there, and the shell that loaded it stays where it was', async () => {
		const session = await open({
			'move.c': `
static int __init move_init(void)
{
	set_cpus_allowed_ptr(current, cpumask_of(1));
	msleep(20);
	printk(KERN_INFO "on %d\\n", smp_processor_id());
	return 0;
}
module_init(move_init);`,
		});
		session.execute('insmod move.c');
		expect(session.view.log.at(-1)?.text).toBe('on 1');
		expect(said(session, 'smp_processor_id()')).toBe('0');
	});
});
