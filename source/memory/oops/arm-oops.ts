import { atLeast } from '../../machine/kernel-version.ts';
import type { KernelContext } from '../context.ts';
import { callTrace } from './call-trace.ts';
import { bracketed, type CodeFrame, symbolOf } from './code-frame.ts';
import { type Registers, registersAt } from './registers.ts';
import type { ReportHead } from './report-head.ts';

const digits = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');

export interface ArmReport {
	readonly frames: readonly CodeFrame[];
	/** What r0 holds: the address that was touched. */
	readonly argument?: number;
	/** The program counter is a user program's. @default false */
	readonly isUser?: boolean;
	readonly endTrace: string;
	/** What an address is, for kernels that say it of each register. */
	readonly describe: (address: number) => string;
}

/** __die and below from the line after `Internal error:` on (arch/arm/kernel/traps.c, process.c: __show_regs). */
export const armOops = (context: KernelContext, head: ReportHead, report: ArmReport): readonly string[] => {
	const { machine, task } = context;
	const { frames, argument, endTrace, isUser = false } = report;
	const registers = registersAt(context, frames, argument);
	const [inner, caller] = frames;
	const zero = digits(0);
	const { lr, sp, stackTop } = registers;
	const pc = isUser ? (argument ?? 0) : registers.pc;
	// With software PAN the kernel may not reach user addresses.
	const domain = head.style.hasDomainPan && !isUser ? '00000051' : '00000055';
	return [
		head.modulesLine,
		...head.cpuLines,
		`PC is at ${inner ? symbolOf(inner) : `0x${pc.toString(16)}`}`,
		`LR is at ${caller ? symbolOf(caller) : `0x${lr.toString(16)}`}`,
		`pc : ${bracketed(pc)}    lr : ${bracketed(lr)}    psr: ${digits(statusOf(context))}`,
		`sp : ${digits(sp)}  ip : ${zero}  fp : ${zero}`,
		`r10: ${zero}  r9 : ${zero}  r8 : ${zero}`,
		`r7 : ${zero}  r6 : ${zero}  r5 : ${zero}  r4 : ${zero}`,
		`r3 : ${zero}  r2 : ${zero}  r1 : ${zero}  r0 : ${digits(registers.argument)}`,
		flagsLine(context, isUser),
		`Control: 10c5387d  Table: ${digits(0x4000406a)}  DAC: ${domain}`,
		...(atLeast(machine.kernel, '5.15') ? registerLines(registers, report) : []),
		`Process ${task.comm} (pid: ${task.pid}, stack limit = 0x${stackLimit(context, stackTop)})`,
		...(isUser
			? []
			: [`Stack: (0x${digits(sp)} to 0x${digits(stackTop)})`, ...callTrace(machine, frames), 'Code: bad PC value']),
		endTrace,
	];
};

/** CPSR: supervisor mode, FIQs on, and the I bit. */
const statusOf = ({ cpu }: KernelContext): number => (cpu.irqsDisabled ? 0x60010093 : 0x60010013);

const flagsLine = (context: KernelContext, isUser: boolean): string => {
	const { machine, cpu } = context;
	if (isUser) return 'Flags: nZCv  IRQs on  FIQs on  Mode USER_32  ISA ARM  Segment user';
	const segment = atLeast(machine.kernel, '4.20') ? 'none' : 'user';
	return `Flags: nZCv  IRQs ${cpu.irqsDisabled ? 'off' : 'on'}  FIQs on  Mode SVC_32  ISA ARM  Segment ${segment}`;
};

/** show_regs: what each register points to. */
const registerLines = ({ argument }: Registers, { describe }: ArmReport): readonly string[] =>
	Array.from(
		{ length: 13 },
		(_, register) => `Register r${register} information: ${describe(register === 0 ? argument : 0)}`,
	);

/** %p before 4.15, hashed afterwards, and (ptrval) until there is entropy. */
const stackLimit = ({ machine }: KernelContext, stackTop: number): string =>
	atLeast(machine.kernel, '4.15') ? '(ptrval)' : digits(stackTop - 8192);
