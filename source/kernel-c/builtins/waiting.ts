import { virtual } from '../../machine/address.ts';
import { type BuiltinRow, type Environment, operation, query, SLEEPS } from './builtin.ts';
import { formatted } from './log.ts';

const NS_PER_JIFFY = 1e7;

/** Sleep until somebody calls __wake_all for the same address, or for so many jiffies when they are not 0. */
const sleepOn = ({ kernel }: Environment, queue: number, jiffies: number): typeof SLEEPS | number => {
	const { task } = kernel.context;
	if (task.hasSlept) {
		task.hasSlept = false;
		return 0;
	}
	kernel.contexts.scheduler.waitOn(virtual(queue), jiffies === 0 ? undefined : jiffies * NS_PER_JIFFY);
	return SLEEPS;
};

/** Give up the CPU: for a time, until wake_up_process when the task has said that it goes to sleep, or not at all. */
const schedule = ({ kernel }: Environment, jiffies: number | undefined): typeof SLEEPS | number => {
	const { context, contexts } = kernel;
	const { task } = context;
	if (task.hasSlept) {
		task.hasSlept = false;
		return 0;
	}
	const isLasting = task.goesToSleep === true && (jiffies === undefined || jiffies >= LONGEST);
	task.goesToSleep = false;
	if (isLasting) contexts.scheduler.waitOn(contexts.taskAddress(task.pid));
	else contexts.scheduler.sleep((jiffies ?? 0) * NS_PER_JIFFY);
	return SLEEPS;
};

/** MAX_SCHEDULE_TIMEOUT */
const LONGEST = 0x7fffffff;

/** A thread's name is a format with arguments. */
const kthread = (name: string, help: BuiltinRow['help'], isRunning: boolean): BuiltinRow => ({
	prototype: `struct task_struct *${name}(address threadfn, void *data, const char *namefmt, ...)`,
	help,
	when: {},
	isPure: false,
	run: (env, [address = 0, data = 0, format = 0, ...args]) => {
		const { contexts } = env.kernel;
		const comm = formatted(env, format, args);
		const start = virtual(Number(address));
		const pid = isRunning
			? contexts.startThread(start, Number(data), comm)
			: contexts.createThread(start, Number(data), comm);
		return contexts.taskAddress(pid);
	},
});

/** Wait until a thread has ended, in steps of one jiffy. */
const stopThread = (env: Environment, address: number): typeof SLEEPS | number => {
	const { context, contexts } = env.kernel;
	const pid = contexts.taskAt(address);
	const task = pid === undefined ? undefined : context.tasks.get(pid);
	if (pid === undefined || !task?.isKernel) return 0;
	const isAsked = task.shouldStop === true;
	task.shouldStop = true;
	if (contexts.created.delete(pid)) {
		context.tasks.delete(pid);
		return 0;
	}
	if (!isAsked) contexts.wakeThread(pid);
	context.task.hasSlept = false;
	contexts.scheduler.sleep(NS_PER_JIFFY);
	return SLEEPS;
};

/** linux/wait.h, linux/kthread.h, kernel/sched/core.c; what waits in C of the headers stands on these. */
export const waitingBuiltins = [
	operation(
		'void __sleep_on(address queue, unsigned long jiffies)',
		'what wait_event stands on',
		(env, queue = 0, time = 0) => sleepOn(env, queue, time),
	),
	operation('void __wake_all(address queue)', 'what wake_up stands on', ({ kernel }, queue = 0) =>
		kernel.contexts.scheduler.wakeAll(virtual(queue)),
	),
	operation(
		'void __run_softirq(address func, unsigned long data)',
		'what tasklets and timers stand on',
		(env, address = 0, data = 0) => env.kernel.contexts.interrupts.run('softirq', () => env.callback(address, [data])),
	),
	operation('void schedule(void)', 'let other tasks run', env => schedule(env, undefined)),
	...['schedule_timeout', 'schedule_timeout_interruptible', 'schedule_timeout_uninterruptible'].map(name =>
		operation(`long ${name}(long timeout)`, 'sleep for so many jiffies', (env, jiffies = 0) => schedule(env, jiffies)),
	),
	operation('void yield(void)', 'let other tasks run', env => schedule(env, 0)),
	operation('void __set_current_state(int state)', 'say that schedule() is to sleep', ({ kernel }, state = 0) => {
		kernel.context.task.goesToSleep = state !== 0;
	}),
	kthread('kthread_run', 'start a kernel thread that runs a function of a module', true),
	kthread('kthread_create', 'make a kernel thread; wake_up_process starts it', false),
	operation('int wake_up_process(struct task_struct *task)', 'let a task that sleeps go on', (env, address = 0) => {
		const { contexts } = env.kernel;
		const pid = contexts.taskAt(address);
		return pid !== undefined && contexts.wakeThread(pid);
	}),
	operation(
		'int kthread_stop(struct task_struct *task)',
		'ask a kernel thread to end, and wait for that',
		(env, address = 0) => stopThread(env, address),
	),
	query(
		'bool kthread_should_stop(void)',
		'whether kthread_stop waits for this thread',
		({ kernel }) => kernel.context.task.shouldStop === true,
	),
	operation(
		'void kthread_bind(struct task_struct *task, unsigned int cpu)',
		'say where a new thread runs',
		(env, address = 0, cpu = 0) => {
			const { contexts, context } = env.kernel;
			const pid = contexts.taskAt(address);
			const thread = pid === undefined ? undefined : contexts.created.get(pid);
			if (thread && cpu < context.cpus.length) contexts.created.set(thread.task.pid, { ...thread, cpu });
		},
	),
	query('u64 __clock_ns(void)', 'what ktime_get stands on', ({ kernel }) => BigInt(Math.floor(kernel.context.timeNs))),
	query(
		'unsigned long __local_save_flags(void)',
		'what local_save_flags stands on',
		({ kernel }) => kernel.contexts.interrupts.flags >>> 0,
	),
];
