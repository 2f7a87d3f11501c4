import type { KernelContext } from '../context.ts';
import { addressIn, type CodeFrame } from './code-frame.ts';

const STACK_BYTES = 8192;
/** What the frames of a system call and its caller take of a kernel stack. */
const USED_BYTES = 0x280;

/**
 * The registers that follow from the simulated state. Compiled code is not run, so a register that only it would fill
 * reads 0.
 */
export interface Registers {
	readonly pc: number;
	/** Return address (ARM). */
	readonly lr: number;
	readonly sp: number;
	/** End of the kernel stack. */
	readonly stackTop: number;
	/** First argument: r0, EAX. The address that was touched, where that is what went wrong. */
	readonly argument: number;
}

export const registersAt = (context: KernelContext, frames: readonly CodeFrame[], argument = 0): Registers => {
	const [inner, caller] = frames;
	// The stacks of tasks lie behind the kernel's data here, one after another.
	const base = Math.ceil(context.layout.pageOffset / STACK_BYTES + 0x1000) * STACK_BYTES;
	const stackTop = base + ((context.task.pid % 256) + 1) * STACK_BYTES;
	return {
		pc: inner ? addressIn(inner) : 0,
		lr: caller ? addressIn(caller) : 0,
		sp: stackTop - USED_BYTES,
		stackTop,
		argument,
	};
};
