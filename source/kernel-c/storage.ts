import { virtual } from '../machine/address.ts';
import { UserError } from '../machine/user-error.ts';
import type { Recorder } from '../memory/checkpoint.ts';
import type { KernelOperations } from '../memory/operations.ts';
import { fill } from './builtins/pages.ts';
import { sizeOf } from './c-types.ts';
import { toBytes } from './c-value.ts';
import { LiveVariables } from './live-variables.ts';
import type { GlobalVariable } from './tree.ts';

export interface StackRegion {
	readonly start: number;
	readonly end: number;
}

/** THREAD_SIZE */
const STACK_BYTES = 8192;

/** Memory for what C programs keep: variables whose address counts, string literals, kernel stacks. */
export interface Storage {
	/** The address of a global variable, which it has from the first call on. */
	placeGlobal(variable: GlobalVariable): number;
	placeLiteral(text: string): number;
	/** Like placeLiteral, but nothing is written: for those that only ever read it through `textAt`. */
	nameLiteral(text: string): number;
	/** The kernel's own variables. */
	readonly live: LiveVariables;
	/** A text of the kernel's own, in its read-only data. */
	placeKernelText(text: string): number;
	/** Text that nameLiteral gave that address. */
	textAt(address: number): string | undefined;
	takeStack(): StackRegion;
	giveStack(region: StackRegion): void;
	keep(recorder: Recorder): void;
}

/**
 * Storage within the kernel's own image, RAM that nobody else uses: variables grow from the start of .data, stacks are
 * taken from its end, where the init task's lies too, and literals lie behind the code, where read-only data is.
 */
export class KernelDataStorage implements Storage {
	readonly live: LiveVariables;
	readonly #kernel: KernelOperations;
	readonly #literals: Literals;
	readonly #taken = new Set<number>();
	readonly #end: number;
	#next: number;
	readonly #textEnd: number;
	#nextText: number;

	constructor(kernel: KernelOperations) {
		this.#kernel = kernel;
		this.#literals = new Literals(kernel, bytes => this.#takeText(bytes));
		this.live = new LiveVariables(kernel, bytes => this.take(bytes));
		const { text, data } = kernel.view.machine.sections;
		this.#nextText = Math.ceil((text[0] + text[1]) / 16) * 8;
		this.#textEnd = text[1];
		const [start, end] = data;
		this.#next = Math.ceil(start / 8) * 8;
		// Page tables may lie at the end of the image.
		const tables = kernel.physToVirt(kernel.view.paging.imageTables);
		this.#end = Math.min(end, tables) & ~(STACK_BYTES - 1);
		this.#end >>>= 0;
	}

	keep(recorder: Recorder): void {
		this.#literals.keep(recorder);
		this.live.keep(recorder);
		recorder.note(this.#taken);
		recorder.value([this.#next, this.#nextText] as const, nexts => {
			[this.#next, this.#nextText] = nexts;
		});
	}

	placeGlobal(variable: GlobalVariable): number {
		if (variable.address === 0) {
			const address = this.take(sizeOf(variable.type) ?? 4);
			settle(this.#kernel, variable, address);
		}
		return variable.address;
	}

	placeLiteral(text: string): number {
		return this.#literals.place(text);
	}

	nameLiteral(text: string): number {
		return this.#literals.name(text);
	}

	placeKernelText(text: string): number {
		return this.placeLiteral(text);
	}

	textAt(address: number): string | undefined {
		return this.#literals.textAt(address);
	}

	/** Bytes that stay taken. */
	take(bytes: number): number {
		const address = this.#next;
		this.#next += Math.ceil(bytes / 8) * 8;
		if (this.#next > this.#end - STACK_BYTES * (this.#taken.size + 1)) {
			throw new UserError(
				'the variables of this session fill all memory there is for them',
				undefined,
				'take memory from kmalloc or vmalloc',
			);
		}
		return address;
	}

	#takeText(bytes: number): number {
		const address = this.#nextText;
		this.#nextText += Math.ceil(bytes / 8) * 8;
		if (this.#nextText > this.#textEnd)
			throw new UserError('the strings of this session fill all memory there is for them');
		return address;
	}

	takeStack(): StackRegion {
		let end = this.#end;
		while (this.#taken.has(end)) end -= STACK_BYTES;
		if (end - STACK_BYTES < this.#next) throw new UserError('too many tasks sleep with variables on their stacks');
		this.#taken.add(end);
		return { start: end - STACK_BYTES, end };
	}

	giveStack(region: StackRegion): void {
		this.#taken.delete(region.end);
	}
}

/** Where a module's parts begin that hold no code. */
export interface ModulePlaces {
	readonly literals: number;
	readonly variables: number;
}

/** Storage of a loaded module: its variables and literals lie in its own core part, stacks in the kernel's. */
export class ModuleStorage implements Storage {
	readonly #literals: Literals;
	#next: number;
	#nextLiteral: number;

	constructor(
		readonly kernel: KernelOperations,
		readonly kernelData: Storage,
		{ literals, variables }: ModulePlaces,
	) {
		this.#next = variables;
		this.#nextLiteral = literals;
		this.#literals = new Literals(kernel, bytes => this.#takeLiteral(bytes));
	}

	keep(recorder: Recorder): void {
		this.#literals.keep(recorder);
		recorder.value([this.#next, this.#nextLiteral] as const, nexts => {
			[this.#next, this.#nextLiteral] = nexts;
		});
	}

	placeGlobal(variable: GlobalVariable): number {
		if (variable.address === 0) settle(this.kernel, variable, this.#take(sizeOf(variable.type) ?? 4));
		return variable.address;
	}

	placeLiteral(text: string): number {
		return this.#literals.place(text);
	}

	nameLiteral(text: string): number {
		return this.#literals.name(text);
	}

	get live(): LiveVariables {
		return this.kernelData.live;
	}

	placeKernelText(text: string): number {
		return this.kernelData.placeKernelText(text);
	}

	textAt(address: number): string | undefined {
		return this.#literals.textAt(address);
	}

	takeStack(): StackRegion {
		return this.kernelData.takeStack();
	}

	giveStack(region: StackRegion): void {
		this.kernelData.giveStack(region);
	}

	#take(bytes: number): number {
		const address = this.#next;
		this.#next += Math.ceil(bytes / 8) * 8;
		return address;
	}

	#takeLiteral(bytes: number): number {
		const address = this.#nextLiteral;
		this.#nextLiteral += Math.ceil(bytes / 8) * 8;
		return address;
	}
}

/** Let a variable live in memory from now on. */
const settle = (kernel: KernelOperations, variable: GlobalVariable, address: number): void => {
	const { type } = variable;
	const bytes = sizeOf(type) ?? 4;
	variable.address = address;
	if (type.kind === 'integer' || type.kind === 'pointer') {
		kernel.place(virtual(address), bytes, toBytes(type, variable.value));
		return;
	}
	fill({ write: (...args) => kernel.place(...args) }, address, 0, bytes);
};

/** String literals and where they lie. Equal ones are one, as compilers merge them. */
class Literals {
	// In the order of their addresses, which rise.
	readonly #texts: string[] = [];
	readonly #addresses: number[] = [];
	/** Where in the lists a text was last seen; to be checked, since time may have gone back. */
	readonly #index = new Map<string, number>();
	/** Addresses whose text is in memory: what memory holds counts from then on. */
	readonly #written = new Set<number>();

	constructor(
		readonly kernel: KernelOperations,
		readonly take: (bytes: number) => number,
	) {}

	keep(recorder: Recorder): void {
		recorder.growing(this.#texts);
		recorder.growing(this.#addresses);
		recorder.note(this.#written);
	}

	/** The text at an address that `name` gave, unless it was placed since. */
	textAt(address: number): string | undefined {
		if (this.#written.has(address)) return undefined;
		let low = 0;
		let high = this.#addresses.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((this.#addresses[middle] ?? 0) < address) low = middle + 1;
			else high = middle;
		}
		return this.#addresses[low] === address ? this.#texts[low] : undefined;
	}

	name(text: string): number {
		const known = this.#index.get(text) ?? -1;
		const knownAddress = this.#texts[known] === text ? this.#addresses[known] : undefined;
		if (knownAddress !== undefined) return knownAddress;
		const address = this.take(text.length + 1);
		this.#index.set(text, this.#texts.length);
		this.#texts.push(text);
		this.#addresses.push(address);
		return address;
	}

	place(text: string): number {
		const address = this.name(text);
		if (this.#written.has(address)) return address;
		this.#written.add(address);
		for (let at = 0; at <= text.length; at++) {
			this.kernel.place(virtual(address + at), 1, BigInt(at < text.length ? text.charCodeAt(at) : 0));
		}
		return address;
	}
}
