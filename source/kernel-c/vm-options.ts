import type { CodeFrame } from '../memory/oops/code-frame.ts';
import type { KernelOperations } from '../memory/operations.ts';
import type { Storage } from './storage.ts';
import type { FunctionSymbol } from './tree.ts';
import type { Code } from './vm.ts';

/** What a virtual machine needs of those around it. */
export interface VmOptions {
	readonly kernel: KernelOperations;
	readonly storage: Storage;
	/** Finds the code of a function; generated when first called. */
	readonly codeOf: (symbol: FunctionSymbol) => Code;
	readonly functionAt: (address: number) => FunctionSymbol | undefined;
	readonly symbolAt: (address: number) => string | undefined;
	/** A running function as a call trace shows it. @param at Instruction that it has come to. */
	readonly frameOf: (code: Code, at: number) => CodeFrame;
	readonly maxStatements: number;
	/** Look only: memory is read without side effects, and what is not mapped is the user's mistake. */
	readonly isInspecting: boolean;
}
