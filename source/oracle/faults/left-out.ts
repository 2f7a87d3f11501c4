/** Why a line of a log is no part of the comparison. */
export type LeftOut =
	| 'rig'
	| 'machine'
	| 'watchdog'
	| 'memory of others'
	| 'stack'
	| 'trace'
	| 'user'
	| 'stopping'
	| 'aftermath';

export const LEFT_OUT_REASONS: Readonly<Record<LeftOut, string>> = {
	rig: 'said by the shell, the loader or the rig',
	machine: 'clocks and drivers of the emulated board',
	watchdog: 'what watchdogs told after seconds of real time',
	'memory of others': 'what other programs and drivers have of the memory',
	stack: 'stack words and saved registers: they depend on compiled code',
	trace: 'functions of a trace: which are found depends on compiled code',
	user: 'registers and code of the program that made the system call',
	stopping: 'what other CPUs, or the task that an interrupt had stopped, did at the end',
	aftermath: 'what other programs ran into once the call was over',
};

interface Rule {
	readonly name: LeftOut;
	readonly lines: RegExp;
}

/** Lines that nothing in the simulated state decides. */
export const LEFT_OUT: readonly Rule[] = [
	{
		name: 'rig',
		lines:
			/^(?:MMF exit|mmfault: (?:loading|module verif)|Segmentation fault|Killed|Disabling lock debugging|\[\.\.\. endless)/,
	},
	{
		name: 'machine',
		lines:
			/^(?:clocksource: |hrtimer: interrupt|random: |sched_clock: |NOHZ tick-stop error|qemu-system-|Workqueue: |(?:resource: )?resource sanity check|caller .* mapping multiple BARs)/,
	},
	{
		name: 'watchdog',
		lines:
			/^(?:rcu: |INFO: rcu_|INFO: task |watchdog: |rcu_sched kthread|\t+(?:\d+-|\()|\s+\(t=|Task dump for CPU|NMI backtrace|Sending NMI|insmod {2,}R | <\/?(?:SOFTIRQ|IRQ|TASK)>)/,
	},
	{
		name: 'memory of others',
		lines:
			/^(?:(?:INFO: )?Freed in (?!c_)|Bytes b4 |\d+ \(insmod\)|oom_reaper: |Unreclaimable slab|Name {2,}Used|\S+ +\d+KB +\d+KB$|\[ *\d+\] +\d)/,
	},
	{
		name: 'stack',
		lines: /^(?: [0-9a-f]{8}){1,8}$|^[0-9a-f]{4}: {1,}[0-9a-f ]+$|^ r\d+:[0-9a-f]{8}|^Exception stack\(/,
	},
];
