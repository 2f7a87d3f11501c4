import { type VirtualAddress, virtual } from '../../machine/address.ts';
import { atLeast } from '../../machine/kernel-version.ts';
import type { LockVariant } from '../../memory/contexts/spin-locks.ts';
import { type Environment, operation, query, SLEEPS } from './builtin.ts';

const MILLISECOND = 1e6;
const MICROSECOND = 1e3;

/** Sleep on a timer; called again after the wake, when the time is over. */
const sleepFor = ({ kernel }: Environment, ns: number): typeof SLEEPS | number => {
	const { task } = kernel.context;
	if (task.hasSlept) {
		task.hasSlept = false;
		return 0;
	}
	kernel.contexts.scheduler.sleep(ns);
	return SLEEPS;
};

const lock = (variant: LockVariant) => (env: Environment, address: number) =>
	env.kernel.contexts.locks.lock(lockAt(env, address), variant);
const unlock = (variant: LockVariant) => (env: Environment, address: number) =>
	env.kernel.contexts.locks.unlock(lockAt(env, address), variant);

/** The lock's word is read: a wild pointer faults. */
const lockAt = (env: Environment, address: number): VirtualAddress => {
	env.touch(address);
	return virtual(address);
};

const LOCKS = [
	['spin_lock', 'plain', 'take a spinlock; no sleeping until spin_unlock'],
	['raw_spin_lock', 'plain', 'take a spinlock; no sleeping until raw_spin_unlock'],
	['spin_lock_irq', 'irq', 'switch interrupts off and take a spinlock'],
	['spin_lock_bh', 'bh', 'switch softirqs off and take a spinlock'],
] as const;

const spinLocks = LOCKS.flatMap(([name, variant, help]) => [
	operation(`void ${name}(spinlock_t *lock)`, help, (env, address = 0) => lock(variant)(env, address)),
	operation(`void ${name.replace('lock', 'unlock')}(spinlock_t *lock)`, `undo ${name}`, (env, address = 0) =>
		unlock(variant)(env, address),
	),
]);

/** A callback of the kernel as an interrupt on another CPU; on this one it is only called, with interrupts off. */
const crossCall = (env: Environment, cpu: number, address: number, argument: number): number => {
	const { context, contexts, words } = env.kernel;
	const { machine } = context;
	const home = context.cpu.id;
	if (cpu >= context.cpus.length) return -ENXIO;
	if (cpu === home) {
		const flags = contexts.interrupts.save();
		env.callback(address, [argument]);
		contexts.interrupts.restore(flags);
		return 0;
	}
	context.switchCpu(cpu);
	contexts.interrupts.enter('hardirq');
	env.callback(address, [argument]);
	// irq_work_run() looks next, and trusts that interrupts are still off.
	if (!contexts.interrupts.disabled && atLeast(machine.kernel, '4.1')) {
		words.bug(
			'kernel/irq_work.c:131',
			'the handler came back with interrupts on: kmap() switches them on on this kernel',
			'irq_work_run_list',
		);
	}
	contexts.interrupts.leave('hardirq');
	context.switchCpu(home);
	return 0;
};

const ENXIO = 6;

/** linux/irqflags.h, linux/spinlock.h, linux/bottom_half.h, linux/delay.h, linux/sched.h */
export const atomicContextBuiltins = [
	operation('void local_irq_disable(void)', 'no hard interrupts on this CPU', ({ kernel }) => {
		kernel.contexts.interrupts.disabled = true;
	}),
	operation('void local_irq_enable(void)', 'hard interrupts again on this CPU', ({ kernel }) => {
		kernel.contexts.interrupts.disabled = false;
	}),
	operation(
		'unsigned long __local_irq_save(void)',
		'what local_irq_save(flags) stands on',
		({ kernel }) => kernel.contexts.interrupts.save() >>> 0,
	),
	operation(
		'void local_irq_restore(unsigned long flags)',
		'interrupts as local_irq_save found them',
		(env, flags = 0) => env.kernel.contexts.interrupts.restore(flags),
	),
	query('int irqs_disabled(void)', 'whether hard interrupts are off on this CPU', ({ kernel }) => {
		// The CPU's own flag: bit 7 of ARM's CPSR.
		if (!kernel.contexts.interrupts.disabled) return 0;
		return kernel.context.machine.arch === 'arm' ? 0x80 : 1;
	}),
	operation('void local_bh_disable(void)', 'no softirqs on this CPU', ({ kernel }) =>
		kernel.contexts.interrupts.bhDisable(),
	),
	operation('void local_bh_enable(void)', 'undo one local_bh_disable', ({ kernel }) =>
		kernel.contexts.interrupts.bhEnable(),
	),
	...spinLocks,
	operation(
		'unsigned long __spin_lock_irqsave(spinlock_t *lock)',
		'what spin_lock_irqsave(lock, flags) stands on',
		(env, address = 0) => {
			const flags = env.kernel.contexts.interrupts.save();
			lock('plain')(env, address);
			return flags >>> 0;
		},
	),
	operation(
		'void spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags)',
		'undo spin_lock_irqsave',
		(env, address = 0, flags = 0) => {
			unlock('plain')(env, address);
			env.kernel.contexts.interrupts.restore(flags);
		},
	),
	operation('int spin_trylock(spinlock_t *lock)', 'take a spinlock if it is free', (env, address = 0) =>
		env.kernel.contexts.locks.tryLock(lockAt(env, address)),
	),
	operation('void spin_lock_init(spinlock_t *lock)', 'make a spinlock ready', lockAt),
	query('int spin_is_locked(spinlock_t *lock)', 'whether somebody holds the lock', (env, address = 0) =>
		env.kernel.contexts.locks.isLocked(lockAt(env, address)),
	),
	query(
		'int preempt_count(void)',
		'the reasons that forbid a task switch here, in this kernel’s bits',
		({ kernel }) => kernel.context.cpu.preemptCount,
	),
	query(
		'bool in_atomic(void)',
		'whether preempt_count says that sleeping is forbidden',
		({ kernel }) => kernel.contexts.preemption.state.isAtomic,
	),
	query(
		'bool in_interrupt(void)',
		'whether this runs as an interrupt, or softirqs are off',
		({ kernel }) => kernel.contexts.preemption.state.isInterrupt,
	),
	query(
		'bool in_irq(void)',
		'whether this runs as a hard interrupt',
		({ kernel }) => kernel.contexts.preemption.state.isHardirq,
	),
	query(
		'bool in_hardirq(void)',
		'whether this runs as a hard interrupt',
		({ kernel }) => kernel.contexts.preemption.state.isHardirq,
		{ since: '5.11' },
	),
	query(
		'bool in_softirq(void)',
		'whether this runs as a softirq, or softirqs are off',
		({ kernel }) => kernel.contexts.preemption.state.isSoftirq,
	),
	query(
		'bool in_serving_softirq(void)',
		'whether this runs as a softirq',
		({ kernel }) => kernel.contexts.preemption.state.isServingSoftirq,
		{ since: '2.6.37' },
	),
	operation('void __might_sleep_at(int line)', 'what might_sleep() stands on', (env, line = 0) =>
		env.kernel.contexts.preemption.mightSleep(`${env.fileName}:${line}`, 'sleptWhileAtomic'),
	),
	...['msleep', 'msleep_interruptible'].map(name =>
		operation(`void ${name}(unsigned int msecs)`, 'sleep for so many milliseconds', (env, time = 0) =>
			sleepFor(env, time * MILLISECOND),
		),
	),
	operation('void ssleep(unsigned int seconds)', 'sleep for so many seconds', (env, time = 0) =>
		sleepFor(env, time * 1000 * MILLISECOND),
	),
	operation(
		'void usleep_range(unsigned long min, unsigned long max)',
		'sleep for so many microseconds',
		(env, time = 0) => sleepFor(env, time * MICROSECOND),
		{ since: '2.6.36' },
	),
	operation(
		'int smp_call_function_single(int cpuid, address func, void *info, int wait)',
		'run a function as an interrupt on another CPU',
		(env, cpu = 0, address = 0, info = 0) => crossCall(env, cpu, address, info),
	),
	query('int fatal_signal_pending(address task)', 'whether a task is to die', ({ kernel }) =>
		Number(kernel.context.task.killedBy !== undefined),
	),
	operation(
		'void __run_as_interrupt(int is_softirq, address func)',
		'run a function as an interrupt, while this task sleeps',
		(env, isSoftirq = 0, address = 0) =>
			env.kernel.contexts.interrupts.run(isSoftirq === 0 ? 'hardirq' : 'softirq', () => env.callback(address, [])),
	),
	operation('void __panic(address text)', 'stop the machine', (env, text = 0) => {
		env.kernel.words.panic(env.readString(text), 'the module itself asked for it');
	}),
];
