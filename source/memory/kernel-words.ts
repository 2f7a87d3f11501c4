import { hex } from '../machine/address.ts';
import { atLeast } from '../machine/kernel-version.ts';
import type { Text } from '../phrases/phrase.ts';
import type { KernelContext } from './context.ts';
import { preemptBits, preemptState } from './contexts/preempt-bits.ts';
import { KernelFault } from './kernel-fault.ts';
import { type ArmReport, armOops } from './oops/arm-oops.ts';
import { callTrace, withSystemCall } from './oops/call-trace.ts';
import { addressFrame, type CodeFrame, kernelFrame, placeOf, symbolOf } from './oops/code-frame.ts';
import { armFaultLines, type FaultingAccess, x86FaultLines } from './oops/fault-lines.ts';
import { keepsIrqsOff } from './oops/keeps-irqs-off.ts';
import { ReportHead } from './oops/report-head.ts';
import { softLockup } from './oops/soft-lockup.ts';
import type { TableEntries } from './oops/table-entries.ts';
import { x86Oops, x86Warn } from './oops/x86-oops.ts';

export type { FaultingAccess } from './oops/fault-lines.ts';

const CUT_HERE = '------------[ cut here ]------------';

/** Printk levels: KERN_EMERG, KERN_WARNING. */
const EMERGENCY = 0;
const WARNING = 4;

/**
 * BUG, WARN, oops and panic in the kernel's own words, for the machine's architecture, version and configuration. No
 * code of a real kernel runs here: a register or a line that only compiled code would fill reads as one that the kernel
 * could not read.
 */
export class KernelWords {
	readonly head: ReportHead;
	/** What an address is, for the kernels that say it of every register. */
	describe: ArmReport['describe'] = () => 'non-paged memory';
	/** Reads the kernel's page tables; set by whoever made them. */
	entriesAt: (address: number) => TableEntries | undefined = () => undefined;
	/** Prints the state of the zones; set by whoever made the page allocator. */
	showMem: () => void = () => {};
	/** Oopses since boot, as they are numbered. */
	oopses = 0;
	/** Places that warn once and have done so. */
	readonly warned = new Set<string>();
	/** Reports that ended in a marker. */
	endMarkers = 0;

	constructor(readonly context: KernelContext) {
		this.head = new ReportHead(context);
	}

	/**
	 * BUG(): the current task is killed, or in an interrupt the machine stops.
	 * @param where Source file and line: `mm/highmem.c:349`.
	 * @param reason The broken rule in plain words.
	 * @param name Kernel function that found it; absent when simulated C code did.
	 */
	bug(where: string, reason: Text, name?: string): never {
		const frames = this.#frames(name);
		const { isVerbose } = this.head.style;
		const [inner] = frames;
		const isOldX86 = !this.#isArm && !atLeast(this.context.machine.kernel, '4.18');
		const lines: string[] = [];
		if (isVerbose) lines.push(CUT_HERE, `kernel BUG at ${where}!`);
		else if (!this.#isArm) {
			const place = isOldX86 || !inner ? '00000000' : symbolOf(inner);
			lines.push(CUT_HERE, `Kernel BUG at ${place} [verbose debug info unavailable]`);
		}
		const arm = isVerbose ? 'Internal error: Oops - BUG: 0' : 'Internal error: Oops - undefined instruction: 0';
		const oops = this.#isArm ? arm : 'invalid opcode: 0000';
		return this.#die(lines, oops, lines[1] ?? oops, frames, undefined, reason, { leavesIrqsOff: this.#isArm });
	}

	/** An access that no mapping serves. @param name Kernel function that made it; absent when simulated C code did. */
	pageFault(found: FaultingAccess, reason: Text, name?: string): never {
		const entries = found.entries ?? this.entriesAt(found.address);
		const access = entries ? { ...found, entries, hasTable: entries.entry !== undefined } : found;
		const called = this.#frames(name);
		const frames = access.isExecute ? [addressFrame(access.address, this.context.machine.kernel), ...called] : called;
		const { machine } = this.context;
		const place = frames[0] ? `${placeOf(frames[0])} ${symbolOf(frames[0])}` : '';
		const lines =
			machine.arch === 'arm'
				? armFaultLines(machine, this.head.style, access, this.context.task.isKernel ?? false)
				: x86FaultLines(machine, access, place);
		const leavesIrqsOff = keepsIrqsOff(this.context, access, lines.first);
		return this.#die(lines.before, lines.oops, lines.first, frames, access.address, reason, { leavesIrqsOff });
	}

	/**
	 * A page fault of a user program that the kernel takes for its own, because page faults are switched off (ARM).
	 * @param address Where the program wanted to go on.
	 */
	userFault(address: number, reason: Text): never {
		const { machine } = this.context;
		const access = { address, isWrite: false, isExecute: true, hasTable: true, isFixmap: false };
		const style = { ...this.head.style, hasDomainPan: false };
		if (machine.arch !== 'arm') return this.pageFault(access, reason);
		const lines = armFaultLines(machine, style, access, false);
		return this.#die(lines.before, lines.oops, lines.first, [], address, reason, { isUser: true });
	}

	/**
	 * An exception of the processor other than a page fault.
	 * @param what `divide error: 0000`, without the oops's number.
	 */
	trap(what: string, reason: Text): never {
		return this.#die([], what, undefined, this.#frames(), undefined, reason, { leavesIrqsOff: this.#isArm });
	}

	/** WARN_ON_ONCE(): of the same place only the first time since boot. */
	warnOnce(where: string): void {
		if (this.warned.has(where)) return;
		this.warned.add(where);
		this.warn(where);
	}

	/**
	 * WARN(): the kernel says it and goes on.
	 * @param where Source file, line and function: `mm/vmalloc.c:1514 __vunmap`.
	 */
	warn(where: string, text?: string): void {
		const { context, head } = this;
		const { machine, cpu, task } = context;
		const [file = '', symbol] = where.split(' ');
		const name = symbol?.replace(/\+.*$/, '');
		const frames = this.#frames(name);
		const inner = symbol?.includes('+') || !frames[0] ? symbol : symbolOf(frames[0]);
		const isTrap = !this.#isArm && atLeast(machine.kernel, '4.12');
		const isNamed = head.style.isVerbose || !isTrap;
		const ending = atLeast(machine.kernel, '4.5') ? '' : '()';
		const place = `${isNamed ? `${file} ` : ''}${inner?.replace(/\(\)$/, '') ?? ''}`.trimEnd();
		const warning = `WARNING: CPU: ${cpu.id} PID: ${task.pid} at ${place}${inner === undefined ? '' : ending}`;
		const lines: string[] = [];
		// Where a WARN is an exception, one without words gets the line only since 5.5.
		const isCut = !isTrap || text !== undefined || (head.style.isVerbose && atLeast(machine.kernel, '5.5'));
		if (isCut) lines.push(CUT_HERE);
		// x86 prints a WARN's own text before the location since it warns through an exception (4.12), ARM after it.
		if (text !== undefined && isTrap) lines.push(text);
		lines.push(warning);
		if (text !== undefined && !isTrap) lines.push(text);
		const endTrace = this.#endTrace();
		if (isTrap) lines.push(...x86Warn(context, head, { frames, endTrace }));
		else lines.push(head.modulesLine, ...head.cpuLines, ...callTrace(machine, this.#dumped(frames)), endTrace);
		for (const line of lines) context.printk(line, WARNING);
		head.taints.add('W');
	}

	/** might_sleep() with DEBUG_ATOMIC_SLEEP, where sleeping is forbidden. */
	sleepingFunction(where: string): void {
		const { context } = this;
		const { cpu, task, machine } = context;
		const isAtomic = Number(cpu.preemptCount !== 0);
		const nonBlock = atLeast(machine.kernel, '5.4') ? ', non_block: 0' : '';
		const irqs = Number(cpu.irqsDisabled);
		context.printk(`BUG: sleeping function called from invalid context at ${where}`, 3);
		context.printk(
			`in_atomic(): ${isAtomic}, irqs_disabled(): ${irqs}${nonBlock}, pid: ${task.pid}, name: ${task.comm}`,
			3,
		);
		if (atLeast(machine.kernel, '5.16'))
			context.printk(`preempt_count: ${cpu.preemptCount.toString(16)}, expected: 0`, 3);
		this.dumpStack();
		this.head.taints.add('W');
	}

	/** __schedule_bug. @param count preempt_count as __schedule sees it. */
	schedulingWhileAtomic(count: number): void {
		const { context } = this;
		const { comm, pid } = context.task;
		context.printk(`BUG: scheduling while atomic: ${comm}/${pid}/0x${(count >>> 0).toString(16).padStart(8, '0')}`, 3);
		context.printk(this.head.modulesLine, WARNING);
		this.dumpStack();
		this.head.taints.add('W');
	}

	/** dump_stack(): who is here and how it came here. */
	dumpStack(): void {
		const { context, head } = this;
		for (const line of [...head.cpuLines, ...callTrace(context.machine, this.#dumped(this.#frames()))]) {
			context.printk(line, WARNING);
		}
	}

	/** The watchdog's thread cannot run on this CPU any more: what runs there never gives it away (kernel/watchdog.c). */
	softLockup(reason: Text): never {
		const { context, head } = this;
		const { line: first, seconds } = softLockup(context);
		context.advance(seconds * 1e9);
		context.printk(first, EMERGENCY);
		context.printk(head.modulesLine, EMERGENCY);
		this.dumpStack();
		context.recordFault(first);
		throw new KernelFault(first, reason, 'spins');
	}

	/**
	 * The stack of the current task has no room left. Only where a guard page lies below it does the kernel notice and kill
	 * the task; others write over whatever lies there and reset or hang without a word of their own.
	 */
	stackOverflow(stack: { readonly start: number; readonly end: number }, reason: Text): never {
		const { context, head } = this;
		const { arch } = context.machine;
		if (head.style.hasVmapStack) {
			const first = 'Insufficient stack space to handle exception!';
			const lines = [first, `Task stack:     [${hex(stack.start)}..${hex(stack.end)}]`];
			const oops = 'Internal error: kernel stack overflow: 0';
			return this.#die(lines, oops, first, this.#frames(), undefined, reason, { leavesIrqsOff: true });
		}
		const message =
			arch === 'x86' ? 'the stack overflowed: the machine resets' : 'the stack overflowed: the machine hangs';
		context.recordFault(message);
		throw new KernelFault(message, reason, 'panic');
	}

	/** panic(): the machine stops for good. */
	panic(text: string, reason: Text): never {
		const { context, head } = this;
		context.printk(`Kernel panic - not syncing: ${text}`, EMERGENCY);
		// dump_stack() of panic() is compiled in with DEBUG_BUGVERBOSE.
		if (head.style.isVerbose) this.dumpStack();
		for (const line of this.#panicEnd(text)) context.printk(line, EMERGENCY);
		const first = `Kernel panic - not syncing: ${text}`;
		context.recordFault(first);
		throw new KernelFault(first, reason, 'panic');
	}

	/** die() and what follows: the oops to its end, then the task's death or the machine's. */
	#die(
		before: readonly string[],
		oops: string,
		first: string | undefined,
		frames: readonly CodeFrame[],
		address: number | undefined,
		reason: Text,
		{ isUser = false, leavesIrqsOff = false }: { readonly isUser?: boolean; readonly leavesIrqsOff?: boolean },
	): never {
		const { context, head } = this;
		const { machine, cpu } = context;
		const blank = !this.#isArm && !atLeast(machine.kernel, '4.12') ? ' ' : '';
		const numbered = `${oops} [#${++this.oopses}]${head.style.options}${this.#isArm ? ' ARM' : blank}`;
		const endTrace = this.#endTrace();
		const { describe } = this;
		const argument = address === undefined ? {} : { argument: address };
		const rest = this.#isArm
			? armOops(context, head, { frames, endTrace, describe, isUser, ...argument })
			: x86Oops(context, head, { frames, endTrace, ...(address === undefined ? {} : { cr2: address }) });
		for (const line of [...before, numbered, ...rest]) context.printk(line, EMERGENCY);
		head.taints.add('D');
		context.recordFault(first ?? numbered);
		const { isInterrupt } = preemptState(preemptBits(machine.kernel), cpu.preemptCount);
		if (isInterrupt || machine.report?.isPanicOnOops) {
			const text = `Fatal exception${isInterrupt ? ' in interrupt' : ''}`;
			for (const line of [`Kernel panic - not syncing: ${text}`, ...this.#panicEnd(text)])
				context.printk(line, EMERGENCY);
			throw new KernelFault(first ?? numbered, reason, 'panic');
		}
		if (machine.debug.atomicSleep && (leavesIrqsOff || cpu.preemptCount !== 0) && atLeast(machine.kernel, '4.14')) {
			// do_exit() is the first to look, in cgroup_threadgroup_change_begin().
			cpu.irqsDisabled ||= leavesIrqsOff;
			this.sleepingFunction(
				atLeast(machine.kernel, '5.5') ? 'include/linux/percpu-rwsem.h:49' : 'include/linux/cgroup-defs.h:712',
			);
		}
		if (atLeast(machine.kernel, '5.17') && leavesIrqsOff) {
			context.printk(`note: ${context.task.comm}[${context.task.pid}] exited with irqs disabled`, 6);
		}
		throw new KernelFault(first ?? numbered, reason);
	}

	#panicEnd(text: string): readonly string[] {
		const { machine } = this.context;
		const ending = atLeast(machine.kernel, '4.14') ? ' ]---' : '';
		return [
			...(this.#isArm ? [] : ['Kernel Offset: disabled']),
			`---[ end Kernel panic - not syncing: ${text}${ending}`,
		];
	}

	/** Functions that run, innermost first, with the one of the kernel that the simulated code has called. */
	#frames(name?: string): readonly CodeFrame[] {
		const { callers } = this.context;
		const isInitcall = [...this.head.modules.values()].includes('loading') && this.context.task.comm === 'insmod';
		const frames = withSystemCall(callers(), isInitcall);
		return name === undefined || name === '' ? frames : [kernelFrame(name), ...frames];
	}

	#dumped(frames: readonly CodeFrame[]): readonly CodeFrame[] {
		return [...(this.#isArm ? ['unwind_backtrace', 'show_stack'] : []), 'dump_stack'].map(kernelFrame).concat(frames);
	}

	/** print_oops_end_marker: an identifier of this boot, counted up; always 0 from 5.16 on. */
	#endTrace(): string {
		const isZero = atLeast(this.context.machine.kernel, '5.16');
		const id = isZero ? 0n : 0x5f1d36a2c0b4e970n + BigInt(this.endMarkers++);
		return `---[ end trace ${id.toString(16).padStart(16, '0')} ]---`;
	}

	get #isArm(): boolean {
		return this.context.machine.arch === 'arm';
	}
}
