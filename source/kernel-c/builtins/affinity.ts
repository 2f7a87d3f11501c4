import { UserError } from '../../machine/user-error.ts';
import { phrase } from '../../phrases/phrase.ts';
import { type Environment, operation } from './builtin.ts';

/** The current task leaves its CPU for the first of those it may use (kernel/sched/core.c: migration_cpu_stop). */
const moveCurrent = ({ kernel }: Environment, allowed: (cpu: number) => boolean): void => {
	const { context, contexts } = kernel;
	if (allowed(context.cpu.id)) return;
	const target = context.cpus.find(({ id }) => allowed(id));
	if (!target) return;
	if (target.preemptCount > 0) {
		throw new UserError(
			phrase('CPU {id} takes no other task: the one there has preemption off', { id: target.id }),
			'set_cpus_allowed_ptr',
			'first undo what turned it off, for example with kunmap_atomic',
		);
	}
	contexts.scheduler.schedule();
	context.migrate(target.id);
};

/** On which CPUs tasks may run. */
export const affinityBuiltins = [
	operation(
		'void __allow_cpus(struct task_struct *task, unsigned long mask)',
		'what set_cpus_allowed_ptr stands on',
		(env, address = 0, mask = 0) => {
			const { context, contexts } = env.kernel;
			const allowed = (cpu: number): boolean => ((mask >>> cpu) & 1) === 1;
			const pid = contexts.taskAt(address);
			const thread = pid === undefined ? undefined : contexts.created.get(pid);
			if (pid === context.task.pid) moveCurrent(env, allowed);
			else if (thread) {
				const cpu = context.cpus.find(({ id }) => allowed(id))?.id ?? thread.cpu;
				contexts.created.set(thread.task.pid, { ...thread, cpu: allowed(thread.cpu) ? thread.cpu : cpu });
			} else {
				throw new UserError(
					'only the task itself, or a thread that was not yet woken, can be given other CPUs here',
					'set_cpus_allowed_ptr',
				);
			}
		},
	),
];
