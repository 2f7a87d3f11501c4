import type { Layout } from '../layout/layout.ts';
import type { Pfn } from '../machine/address.ts';
import type { Machine } from '../machine/machine.ts';
import type { Text } from '../phrases/phrase.ts';
import type { Recorder } from './checkpoint.ts';
import type { Advice, AdviceKey } from './contexts/advice.ts';
import { Probes } from './contexts/probes.ts';
import { EventLog, eventCode } from './event-log.ts';
import { type FaultVerdict, KernelFault } from './kernel-fault.ts';
import type { CodeFrame } from './oops/code-frame.ts';
import { Counters } from './paging/counters.ts';

/** Parts of the kernel that a panel can watch; each has a counter that rises with every change. */
export type Subsystem = 'pages' | 'pkmap' | 'fixmap' | 'vmalloc' | 'slab' | 'log' | 'tasks' | 'bytes' | 'paging';

export type TaskState = 'running' | 'runnable' | 'uninterruptible' | 'dead';

export interface Task {
	readonly pid: number;
	readonly comm: string;
	state: TaskState;
	/** Wait queue the task sleeps on: `pkmap_map_wait`. */
	waitingOn: string | undefined;
	/** Page for which a task that sleeps on pkmap_map_wait wants a slot. */
	wantsPage?: Pfn;
	/** When a sleeping task wakes by itself, in simulated nanoseconds: msleep. */
	wakesAtNs?: number | undefined;
	/** The timer that it slept for has gone off. */
	hasSlept?: boolean;
	/** kthread_stop waits for its end (kthread_should_stop). */
	shouldStop?: boolean;
	/** set_current_state: the next schedule() waits to be woken. */
	goesToSleep?: boolean;
	/** A thread of the kernel itself, without a program. @default false */
	isKernel?: boolean;
	/** The CPU that it runs on or ran on last (task_cpu); none before it first runs. */
	cpu?: number;
	/** What killed it: it dies when it leaves the kernel (fatal_signal_pending). */
	killedBy?: string;
}

export interface Cpu {
	readonly id: number;
	/** preempt_count of the task that runs here, in the bits of this kernel (contexts/preempt-bits.ts). */
	preemptCount: number;
	/** Depth of pagefault_disable of the task that runs here. */
	pagefaultDisabled: number;
	/** __kmap_atomic_idx (stack generation): slots pushed. */
	kmapAtomicIdx: number;
	/** local_irq_disable. */
	irqsDisabled: boolean;
	/** Addresses of the spinlocks that code on this CPU holds, oldest first. */
	readonly locks: number[];
	/** Why it goes round in circles and does nothing else any more. */
	spinsFor?: Text;
}

/** What a task that does not run has of a CPU's state. */
type SavedState = Pick<Cpu, 'preemptCount' | 'pagefaultDisabled'>;

export interface LogLine {
	/** Simulated nanoseconds since boot. */
	readonly timeNs: number;
	readonly text: string;
	readonly level: number;
	/** Session step in which it was printed. */
	readonly step: number;
}

const LOG = eventCode('log');
const FAULT = eventCode('fault');
const CPU_SWITCH = eventCode('cpu_switch');
const TASK_SWITCH = eventCode('task_switch');
const PREEMPT = eventCode('preempt');
const ADVICE = eventCode('advice');

/** Ten bits a character (start, eight, stop) at 115200 baud. */
const SERIAL_NS_PER_CHARACTER = (10 * 1e9) / 115200;

/** `[   58.787147] text`: a log line as dmesg and the serial console show it. */
export const formatLogLine = (line: Pick<LogLine, 'timeNs' | 'text'>): string => {
	const microseconds = Math.floor(line.timeNs / 1000);
	const seconds = String(Math.floor(microseconds / 1e6)).padStart(5);
	return `[${seconds}.${String(microseconds % 1e6).padStart(6, '0')}] ${line.text}`;
};

/**
 * What all parts of the simulated kernel share: the machine and its layout, the clock, the log, the events, who runs
 * where. It knows no part itself.
 */
export class KernelContext {
	readonly events = new EventLog();
	/** Work by operation. */
	readonly counters = new Counters();
	readonly cpus: readonly Cpu[];
	readonly tasks = new Map<number, Task>();
	/** Oldest first. */
	readonly log: LogLine[] = [];
	/** What the explorer said beside the log, oldest first. */
	readonly advices: Advice[] = [];
	/** Rises by one with each change of that part. */
	readonly revisions: Record<Subsystem, number> = {
		pages: 0,
		pkmap: 0,
		fixmap: 0,
		vmalloc: 0,
		slab: 0,
		log: 0,
		tasks: 0,
		bytes: 0,
		paging: 0,
	};
	/** Functions of simulated C code that run now, innermost first; whoever runs them sets it. */
	callers: () => readonly CodeFrame[] = () => [];
	/** Call a function of simulated C code by its address, to its end; whoever runs such code sets it. */
	callFunction: (address: number, args: readonly number[]) => void = () => {};
	/** Who watches the kernel's own functions. */
	readonly probes = new Probes();
	/** Called when another task becomes the current one, before it runs. */
	readonly taskSwitchHooks: ((from: Task, to: Task) => void)[] = [];
	/** Number of the user's current act; slots remember the step that changed them last. */
	step = 0;
	#timeNs = 0;
	#cpu: Cpu;
	#task: Task;
	/** The task that runs, or ran last, on each CPU. */
	readonly #onCpu: (Task | undefined)[] = [];
	readonly #saved = new Map<Task, SavedState>();

	/** @param bootTimeNs Simulated time at which the exploration begins. */
	constructor(
		readonly machine: Machine,
		readonly layout: Layout,
		bootTimeNs = 0,
	) {
		this.cpus = Array.from({ length: machine.cpusOnline }, (_, id) => ({
			id,
			preemptCount: 0,
			pagefaultDisabled: 0,
			kmapAtomicIdx: 0,
			irqsDisabled: false,
			locks: [],
		}));
		const [boot] = this.cpus;
		if (!boot) throw new RangeError('a machine has at least one CPU');
		this.#cpu = boot;
		this.#timeNs = bootTimeNs;
		this.events.timeNs = bootTimeNs;
		this.#task = this.addTask(1, 'init');
		this.#task.state = 'running';
		this.#task.cpu = boot.id;
		this.#onCpu[boot.id] = this.#task;
		this.events.task = 1;
	}

	keep(recorder: Recorder): void {
		recorder.growing(this.log);
		recorder.growing(this.advices);
		recorder.value(this.#timeNs, timeNs => {
			this.#timeNs = timeNs;
		});
		recorder.value(this.#cpu, cpu => {
			this.#cpu = cpu;
			this.events.cpu = cpu.id;
		});
		recorder.value(this.#task, task => {
			this.#task = task;
			this.events.task = task.pid;
		});
		recorder.walk(this.#onCpu);
		recorder.walk(this.#saved);
	}

	get timeNs(): number {
		return this.#timeNs;
	}

	get cpu(): Cpu {
		return this.#cpu;
	}

	get task(): Task {
		return this.#task;
	}

	/** The task that runs on a CPU, or ran there last. */
	taskOn(cpu: number): Task | undefined {
		return this.#onCpu[cpu];
	}

	/** Let simulated time pass. */
	advance(ns: number): void {
		this.#timeNs += ns;
		this.events.timeNs = this.#timeNs;
	}

	addTask(pid: number, comm: string): Task {
		const task: Task = { pid, comm, state: 'runnable', waitingOn: undefined };
		this.tasks.set(pid, task);
		this.revisions.tasks++;
		return task;
	}

	/** Run on another CPU from now on. @throws {RangeError} when that CPU is not online. */
	switchCpu(id: number): void {
		const cpu = this.cpus[id];
		if (!cpu) throw new RangeError(`CPU ${id} is not online`);
		if (cpu === this.#cpu) return;
		this.#cpu = cpu;
		this.events.cpu = id;
		this.revisions.tasks++;
		this.events.record(CPU_SWITCH, id);
	}

	/** The current task goes on on another CPU; the task there makes room. @throws {RangeError} as switchCpu does. */
	migrate(id: number): void {
		const { preemptCount, pagefaultDisabled } = this.#cpu;
		this.#saved.set(this.#task, { preemptCount, pagefaultDisabled });
		this.#onCpu[this.#cpu.id] = undefined;
		this.switchCpu(id);
		this.#changeRegisters(this.#task);
	}

	/** Make `task` the current one. A task that slept or died keeps its state. */
	switchTask(task: Task): void {
		if (task === this.#task) return;
		for (const hook of this.taskSwitchHooks) hook(this.#task, task);
		if (this.#task.state === 'running') this.#task.state = 'runnable';
		this.#changeRegisters(task);
		this.#task = task;
		if (task.state === 'runnable') task.state = 'running';
		this.events.task = task.pid;
		this.revisions.tasks++;
		this.events.record(TASK_SWITCH, task.pid);
	}

	/** preempt_count and the depth of pagefault_disable belong to the task: they leave the CPU and come back with it. */
	#changeRegisters(task: Task): void {
		const cpu = this.#cpu;
		const before = this.#onCpu[cpu.id];
		if (before === task) return;
		if (before && before.state !== 'dead') {
			this.#saved.set(before, { preemptCount: cpu.preemptCount, pagefaultDisabled: cpu.pagefaultDisabled });
		}
		const saved = this.#saved.get(task);
		cpu.preemptCount = saved?.preemptCount ?? 0;
		cpu.pagefaultDisabled = saved?.pagefaultDisabled ?? 0;
		// schedule() switches interrupts on before another task goes on.
		cpu.irqsDisabled = false;
		this.#onCpu[cpu.id] = task;
		task.cpu = cpu.id;
	}

	/** Say beside the log which rule was broken; once for each act is enough. */
	advise(key: AdviceKey): void {
		const { step } = this;
		if (this.advices.some(advice => advice.key === key && advice.step === step)) return;
		this.advices.push({ key, step, timeNs: this.#timeNs, logLines: this.log.length });
		this.revisions.log++;
		this.events.record(ADVICE, this.events.textId(key));
	}

	changePreemptCount(by: number): void {
		this.#cpu.preemptCount += by;
		this.revisions.tasks++;
		this.events.record(PREEMPT, this.#cpu.preemptCount);
	}

	/**
	 * Append to the kernel log, one line for each line of `text`. Each line costs the time that a serial console at
	 * 115200 baud takes for it, time stamp and line end included: the boards' own time stamps show just that.
	 */
	printk(text: string, level = 4): void {
		const lines = text.replace(/\n$/, '').split('\n');
		for (const line of lines) {
			this.log.push({
				timeNs: this.#timeNs,
				text: line,
				level,
				step: this.step,
			});
			this.revisions.log++;
			this.events.record(LOG, this.events.textId(line), level);
			this.advance((formatLogLine({ timeNs: this.#timeNs, text: line }).length + 2) * SERIAL_NS_PER_CHARACTER);
		}
	}

	/** Note in the event stream that the kernel printed a fault with that first line. */
	recordFault(first: string): void {
		this.events.record(FAULT, this.events.textId(first));
	}

	/** Throw the fault after the log holds `lines`, the kernel's words, whose first is the fault's message. */
	fault(lines: readonly [string, ...string[]], reason: Text, verdict: FaultVerdict = 'killed'): never {
		for (const line of lines) this.printk(line, 0);
		this.recordFault(lines[0]);
		throw new KernelFault(lines[0], reason, verdict);
	}
}
