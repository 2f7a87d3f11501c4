import { virtual } from '../machine/address.ts';
import type { Recorder } from '../memory/checkpoint.ts';
import type { KernelOperations } from '../memory/operations.ts';
import type { KernelGlobal } from './builtins/builtin.ts';

const WORD_BYTES = 4;

/**
 * Variables of the kernel whose address somebody took. The engine keeps their values elsewhere, so the word in memory is
 * brought up to date whenever C reads it.
 */
export class LiveVariables {
	readonly #addresses = new Map<string, number>();
	readonly #words = new Map<number, KernelGlobal>();

	constructor(
		readonly kernel: KernelOperations,
		readonly take: (bytes: number) => number,
	) {}

	keep(recorder: Recorder): void {
		recorder.note(this.#addresses);
		recorder.note(this.#words);
	}

	addressOf(global: KernelGlobal): number {
		const known = this.#addresses.get(global.name);
		if (known !== undefined) return known;
		const address = this.take(WORD_BYTES);
		this.#addresses.set(global.name, address);
		this.#words.set(address, global);
		this.refresh(address);
		return address;
	}

	/** Something reads at an address. */
	refresh(address: number): void {
		if (this.#words.size === 0) return;
		const global = this.at(address);
		if (!global) return;
		const value = BigInt.asUintN(32, BigInt(global.read(this.kernel, 0)));
		this.kernel.place(virtual(address - (address % WORD_BYTES)), WORD_BYTES, value);
	}

	/** The variable that lies there. */
	at(address: number): KernelGlobal | undefined {
		return this.#words.get(address - (address % WORD_BYTES));
	}
}
