import { type BuiltinRow, operation, query } from './builtin.ts';

/** What `current->...` can ask of the running task: struct task_struct itself is not in memory here. */
export const CURRENT_MEMBERS: ReadonlyMap<string, BuiltinRow> = new Map([
	['pid', query('int __current_pid(void)', 'number of the running task', ({ kernel }) => kernel.context.task.pid)],
	['tgid', query('int __current_tgid(void)', 'number of the running task', ({ kernel }) => kernel.context.task.pid)],
	[
		'comm',
		operation('char *__current_comm(void)', 'name of the running task', env =>
			env.literal(env.kernel.context.task.comm, true),
		),
	],
]);
