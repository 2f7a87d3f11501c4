import type { Task } from '../../memory/context.ts';
import { type BuiltinRow, type Environment, operation, query } from './builtin.ts';
import { spaceAddress } from './page-tables.ts';

/** The task that a pointer means; of one that is gone, its number alone is left. */
const taskAt = ({ kernel }: Environment, address: number): Task => {
	const pid = kernel.contexts.taskAt(address) ?? 0;
	return kernel.context.tasks.get(pid) ?? { pid, comm: '', state: 'runnable', waitingOn: undefined };
};

/** What `task->...` can ask of a task: struct task_struct itself is not in memory here. */
export const TASK_MEMBERS: ReadonlyMap<string, BuiltinRow> = new Map([
	['pid', query('pid_t __task_pid(address task)', 'number of a task', (env, task = 0) => taskAt(env, task).pid)],
	['tgid', query('pid_t __task_tgid(address task)', 'number of a task', (env, task = 0) => taskAt(env, task).pid)],
	[
		'comm',
		operation('char *__task_comm(address task)', 'name of a task', (env, task = 0) =>
			env.kernelText(taskAt(env, task).comm),
		),
	],
	[
		'mm',
		query(
			'struct mm_struct *__task_mm(address task)',
			'address space of a task; NULL for kernel threads',
			(env, task = 0) => {
				const { pid, isKernel } = taskAt(env, task);
				return isKernel ? 0 : spaceAddress(env, pid);
			},
		),
	],
	[
		'active_mm',
		query(
			'struct mm_struct *__task_active_mm(address task)',
			'the address space that a task runs in',
			(env, task = 0) => spaceAddress(env, taskAt(env, task).pid),
		),
	],
]);
