import { atLeast, type KernelVersion } from '../../machine/kernel-version.ts';

/** A function of simulated C code that is running, innermost first in a list of them. */
export interface CodeFrame {
	readonly name: string;
	/** Where the function begins, 0 for code that was never loaded anywhere: the command bar's. */
	readonly address: number;
	/** Bytes of the function, and how far into it the code has come. */
	readonly size: number;
	readonly offset: number;
	/** Module it belongs to; undefined in the kernel itself. */
	readonly module: string | undefined;
}

/** A function of the kernel proper. Its code is not simulated, so it has neither address nor size. */
export const kernelFrame = (name: string): CodeFrame => ({ name, address: 0, size: 0, offset: 0, module: undefined });

/** A bare address that is no function's: `0xf0971000`, and `(null)` for 0 to 4.19 (lib/vsprintf.c). */
export const addressFrame = (address: number, kernel: KernelVersion): CodeFrame => {
	const isNull = address === 0 && !atLeast(kernel, '4.20');
	return { ...kernelFrame(isNull ? '  (null)' : `0x${address.toString(16)}`), address };
};

const hexDigits = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');

/** %pS: `rd+0x0/0x3 [mmfault]`; the bare name where no code lies. */
export const symbolOf = (frame: CodeFrame): string => {
	const { name, offset, size, module } = frame;
	if (size === 0) return nameOf(frame);
	return `${name}+0x${offset.toString(16)}/0x${size.toString(16)}${module === undefined ? '' : ` [${module}]`}`;
};

/** Without offset: `rd [mmfault]`. */
export const nameOf = ({ name, module }: CodeFrame): string => (module === undefined ? name : `${name} [${module}]`);

/** `[<bf000100>] `, as kernels print the addresses of a trace that still do. */
export const bracketed = (address: number): string => `[<${hexDigits(address)}>]`;

/** Address at which the code of a frame stands. */
export const addressIn = (frame: CodeFrame): number => (frame.address + frame.offset) >>> 0;

/** The address of a bare frame within brackets: `[<  (null)>]` for 0 as %p has it. */
export const placeOf = ({ name, address }: CodeFrame): string =>
	name === '  (null)' ? '[<  (null)>]' : bracketed(address);
