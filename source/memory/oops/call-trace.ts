import { atLeast } from '../../machine/kernel-version.ts';
import type { Machine } from '../../machine/machine.ts';
import { addressIn, bracketed, type CodeFrame, kernelFrame, nameOf, symbolOf } from './code-frame.ts';

/** What calls a module's init function, innermost first. */
const INIT_CALLERS = ['do_one_initcall', 'do_init_module', 'load_module', 'sys_finit_module'];

/** The frames below simulated code: the system call in which a module's init function runs. */
export const withSystemCall = (frames: readonly CodeFrame[], isInitcall: boolean): readonly CodeFrame[] =>
	isInitcall ? [...frames, ...INIT_CALLERS.map(kernelFrame)] : frames;

/** The heading line of a trace; ARM kernels of 5.18 to 6.10 print none. */
const headingOf = (machine: Machine): string | undefined => {
	if (machine.arch === 'x86') return 'Call Trace:';
	if (!atLeast(machine.kernel, '5.18')) return 'Backtrace: ';
	return atLeast(machine.kernel, '6.11') ? 'Call trace: ' : undefined;
};

/**
 * A call trace, innermost function first, in the form of the machine's kernel (arch/x86/kernel/dumpstack.c,
 * arch/arm/kernel/traps.c: dump_backtrace_entry). Words on the stack that only look like addresses are not there.
 */
export const callTrace = (machine: Machine, frames: readonly CodeFrame[]): readonly string[] => {
	const heading = headingOf(machine);
	const lines = heading === undefined ? [] : [heading];
	if (machine.arch === 'x86') {
		const isOld = !atLeast(machine.kernel, '4.9');
		for (const frame of frames)
			lines.push(isOld ? ` ${bracketed(addressIn(frame))} ${symbolOf(frame)}` : ` ${symbolOf(frame)}`);
		return lines;
	}
	const hasAddresses = !atLeast(machine.kernel, '5.18');
	for (const [index, frame] of frames.entries()) {
		const from = frames[index + 1];
		if (!from) break;
		lines.push(
			hasAddresses
				? `${bracketed(frame.address)} (${nameOf(frame)}) from ${bracketed(addressIn(from))} (${symbolOf(from)})`
				: ` ${nameOf(frame)} from ${symbolOf(from)}`,
		);
	}
	return lines;
};
