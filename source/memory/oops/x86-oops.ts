import { atLeast } from '../../machine/kernel-version.ts';
import type { KernelContext } from '../context.ts';
import { callTrace } from './call-trace.ts';
import { bracketed, type CodeFrame, symbolOf } from './code-frame.ts';
import { type Registers, registersAt } from './registers.ts';
import type { ReportHead } from './report-head.ts';

const digits = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');

/** CR0 with paging, write protection and the coprocessor's bits; CR4 as the machine's features set it. */
const CR0 = 0x80050033;
const CR4 = 0x690;

/** What distinguishes one report from another. */
export interface X86Report {
	readonly frames: readonly CodeFrame[];
	/** Address that faulted; undefined when no page fault did. */
	readonly cr2?: number;
	readonly endTrace: string;
}

/** __die and below from the line after `Oops:` on (arch/x86/kernel/dumpstack.c, process_32.c: __show_regs). */
export const x86Oops = (context: KernelContext, head: ReportHead, report: X86Report): readonly string[] => {
	const { machine } = context;
	const registers = registersAt(context, report.frames, report.cr2);
	return atLeast(machine.kernel, '4.18')
		? newOops(context, head, report, registers)
		: oldOops(context, head, report, registers);
};

/** Code, registers and trace of a WARN, which is an exception on x86 since 4.12. */
export const x86Warn = (context: KernelContext, head: ReportHead, report: X86Report): readonly string[] => {
	const registers = registersAt(context, report.frames, 0);
	const { frames, endTrace } = report;
	const trace = callTrace(context.machine, frames.slice(1));
	return [head.modulesLine, ...head.cpuLines, ...registerLines(context, frames, registers, 0), ...trace, endTrace];
};

const newOops = (
	context: KernelContext,
	head: ReportHead,
	{ frames, cr2, endTrace }: X86Report,
	registers: Registers,
): readonly string[] => {
	const lines = registerLines(context, frames, registers, cr2 ?? 0);
	return [
		...head.cpuLines,
		...lines,
		...callTrace(context.machine, frames.slice(1)),
		head.modulesLine,
		...(cr2 === undefined ? [] : [`CR2: ${digits(cr2).padStart(16, '0')}`]),
		endTrace,
		...lines,
	];
};

/** To 4.17: the modules first, the stack's words, and the place once more at the end. */
const oldOops = (
	context: KernelContext,
	head: ReportHead,
	{ frames, cr2, endTrace }: X86Report,
	registers: Registers,
): readonly string[] => {
	const { pc, sp, stackTop, argument } = registers;
	const place = frames[0] ? symbolOf(frames[0]).replace('  (null)', '0x0') : `0x${digits(pc)}`;
	const thread = digits(stackTop - 8192);
	const zero = digits(0);
	return [
		head.modulesLine,
		...head.cpuLines,
		`task: ${zero} ti: ${thread} task.ti: ${thread}`,
		`EIP: 0060:${bracketed(pc)} EFLAGS: ${flagsOf(context)} CPU: ${context.cpu.id}`,
		`EIP is at ${place}`,
		`EAX: ${digits(argument)} EBX: ${zero} ECX: ${zero} EDX: ${zero}`,
		`ESI: ${zero} EDI: ${zero} EBP: ${zero} ESP: ${digits(sp)}`,
		` DS: 007b ES: 007b FS: 00d8 GS: ${userSegment(context)} SS: 0068`,
		controlLine(cr2 ?? 0),
		'Stack:',
		...callTrace(context.machine, frames.slice(1)),
		'Code:  Bad EIP value.',
		`EIP: ${bracketed(pc)} ${place} SS:ESP 0068:${digits(sp)}`,
		...(cr2 === undefined ? [] : [`CR2: ${digits(cr2).padStart(16, '0')}`]),
		endTrace,
	];
};

const registerLines = (
	context: KernelContext,
	frames: readonly CodeFrame[],
	{ pc, sp, argument }: Registers,
	cr2: number,
): readonly string[] => {
	const zero = digits(0);
	return [
		`EIP: ${frames[0] ? symbolOf(frames[0]) : `0x${digits(pc)}`}`,
		'Code: Bad RIP value.',
		`EAX: ${digits(argument)} EBX: ${zero} ECX: ${zero} EDX: ${zero}`,
		`ESI: ${zero} EDI: ${zero} EBP: ${zero} ESP: ${digits(sp)}`,
		`DS: 007b ES: 007b FS: 00d8 GS: ${userSegment(context)} SS: 0068 EFLAGS: ${flagsOf(context)}`,
		controlLine(cr2),
	];
};

const controlLine = (cr2: number): string =>
	`CR0: ${digits(CR0)} CR2: ${digits(cr2)} CR3: ${digits(0)} CR4: ${digits(CR4)}`;

/** GS is the program's, for its threads' own data; a kernel thread has none. */
const userSegment = ({ task }: KernelContext): string => (task.isKernel ? '0000' : '0033');

/** Bit 1 is always set, bit 9 when interrupts are on. */
const flagsOf = ({ cpu }: KernelContext): string => digits(cpu.irqsDisabled ? 0x002 : 0x202);
