import { virtual } from '../machine/address.ts';
import type { Recorder } from '../memory/checkpoint.ts';
import type { KernelOperations } from '../memory/operations.ts';
import type { Value } from './c-value.ts';
import type { StackRegion, Storage } from './storage.ts';
import type { Code } from './vm.ts';

/** A function that runs. */
export interface Frame {
	readonly code: Code;
	pc: number;
	readonly values: Value[];
	/** Addresses of locals that have one. */
	readonly addresses: number[];
	/** Stack pointer to go back to. */
	readonly mark: number;
	/** Arguments beyond the parameters. */
	readonly rest: readonly Value[];
}

/** The kernel stack of one program: taken when something first needs an address, growing downwards. */
export class ProgramStack {
	readonly #kernel: KernelOperations;
	readonly #storage: Storage;
	readonly #overflow: () => never;
	#region: StackRegion | undefined;
	/** Stack pointer; 0 before the stack is taken. */
	#pointer = 0;

	/** @param overflow Called when there is no room left. */
	constructor(kernel: KernelOperations, storage: Storage, overflow: () => never) {
		this.#kernel = kernel;
		this.#storage = storage;
		this.#overflow = overflow;
	}

	keep(recorder: Recorder): void {
		recorder.value([this.#region, this.#pointer] as const, state => {
			[this.#region, this.#pointer] = state;
		});
	}

	get pointer(): number {
		return this.#pointer;
	}

	/** Drop what was taken since the pointer was there. */
	set pointer(mark: number) {
		this.#pointer = mark;
	}

	get region(): StackRegion {
		this.#region ??= this.#storage.takeStack();
		return this.#region;
	}

	/** Take bytes; they lie at the address that is returned. */
	push(bytes: number): number {
		const { start, end } = this.region;
		const address = (((this.#pointer || end) - bytes) & ~7) >>> 0;
		if (address < start) this.#overflow();
		this.#pointer = address;
		return address;
	}

	/** Write arguments in a row, as va_arg reads them. @returns where the first lies. */
	pushArguments(values: readonly Value[]): number {
		const sizes = values.map(value => (typeof value === 'bigint' ? 8 : 4));
		const start = this.push(sizes.reduce((sum, bytes) => sum + bytes, 0));
		let at = start;
		for (const [index, value] of values.entries()) {
			const bytes = sizes[index] ?? 4;
			this.#kernel.write(virtual(at), bytes, BigInt.asUintN(bytes * 8, BigInt(value)));
			at += bytes;
		}
		return start;
	}

	release(): void {
		if (this.#region) this.#storage.giveStack(this.#region);
		this.#region = undefined;
		this.#pointer = 0;
	}
}
