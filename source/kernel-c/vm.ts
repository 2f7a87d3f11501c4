import { virtual } from '../machine/address.ts';
import { UserError } from '../machine/user-error.ts';
import type { Recorder } from '../memory/checkpoint.ts';
import type { CodeFrame } from '../memory/oops/code-frame.ts';
import type { KernelOperations } from '../memory/operations.ts';
import { phrase, type Text } from '../phrases/phrase.ts';
import type { Environment, KernelGlobal } from './builtins/builtin.ts';
import { fill } from './builtins/pages.ts';
import { type CType, sizeOf, UNSIGNED_CHAR, UNSIGNED_INT } from './c-types.ts';
import { type CValue, fromBytes, intoBytes, type Value } from './c-value.ts';
import { type Frame, ProgramStack } from './call-frames.ts';
import { peek } from './peek.ts';
import type { FunctionSymbol, LocalVariable, Variable } from './tree.ts';
import type { VmOptions } from './vm-options.ts';

/** One step of a compiled program. Values pass through the machine's stack. */
export type Instruction = (vm: Vm) => void;

/** A function ready to run. */
export interface Code {
	readonly name: string;
	readonly slots: number;
	readonly instructions: readonly Instruction[];
	/** Source file, for BUG and WARN. */
	readonly fileName: string;
}

const MAX_DEPTH = 200;

/** Runs compiled C. It can stop in the middle, where a kmap sleeps, and go on later. */
export class Vm implements Environment {
	readonly kernel: KernelOperations;
	readonly stack: Value[] = [];
	/** Set by an instruction whose task went to sleep; it runs again after the wake. */
	isSleeping = false;
	/** Result of the last expression statement of the command bar. */
	result: CValue | undefined;
	pc = 0;
	readonly #options: VmOptions;
	readonly #frames: Frame[] = [];
	#frame: Frame | undefined;
	#statements = 0;
	readonly #memory: ProgramStack;

	constructor(options: VmOptions) {
		this.#options = options;
		this.kernel = options.kernel;
		this.#memory = new ProgramStack(options.kernel, options.storage, () => this.#overflow());
	}

	keep(recorder: Recorder): void {
		recorder.note(this);
		recorder.note(this.stack);
		recorder.note(this.#frames);
		for (const frame of this.#frames) {
			recorder.note(frame);
			recorder.note(frame.values);
			recorder.note(frame.addresses);
		}
		this.#memory.keep(recorder);
		recorder.value([this.#frame, this.#statements] as const, state => {
			[this.#frame, this.#statements] = state;
		});
	}

	get caller(): string {
		return this.#written?.code.name ?? '';
	}

	get fileName(): string {
		return this.#written?.code.fileName ?? '';
	}

	/** The innermost frame of a program's own: functions of headers are inlined. */
	get #written(): Frame | undefined {
		return this.#frame?.code.name === ''
			? (this.#frames.findLast(({ code }) => code.name !== '') ?? this.#frame)
			: this.#frame;
	}

	symbolAt(address: number): string | undefined {
		return this.#options.symbolAt(address);
	}

	get isInspecting(): boolean {
		return this.#options.isInspecting;
	}

	fault(lines: readonly [string, ...string[]], reason: Text): never {
		if (this.isInspecting) throw new UserError(reason);
		return this.kernel.context.fault(lines, reason);
	}

	/** An exception of the processor, in the kernel's words. */
	trap(what: string, reason: Text): never {
		if (this.isInspecting) throw new UserError(reason);
		return this.kernel.words.trap(what, reason);
	}

	touch(address: number): void {
		this.load(UNSIGNED_INT, address);
	}

	functionAt(address: number): FunctionSymbol | undefined {
		return this.#options.functionAt(address);
	}

	readString(address: number, limit = 4096): string {
		const literal = this.#options.storage.textAt(address);
		if (literal !== undefined) return literal.slice(0, limit);
		let text = '';
		for (let at = 0; at < limit; at++) {
			const byte = this.load(UNSIGNED_CHAR, address + at);
			if (byte === 0) break;
			text += String.fromCharCode(Number(byte));
		}
		return text;
	}

	begin(code: FunctionSymbol | Code): void {
		this.enter('instructions' in code ? code : this.#options.codeOf(code), []);
	}

	/**
	 * Run to the end of what began, or until the task sleeps.
	 * @throws {KernelFault} @throws {UserError} when the program exceeds its bounds.
	 */
	resume(): 'done' | 'sleeping' {
		this.isSleeping = false;
		const { context } = this.kernel;
		const { callers } = context;
		if (!this.isInspecting) context.callers = () => this.#backtrace();
		try {
			while (this.#frame) {
				const instruction = this.#frame.code.instructions[this.pc++];
				if (!instruction) {
					this.leave(0);
					continue;
				}
				instruction(this);
				if (this.isSleeping) {
					this.#statements = 0;
					this.pc--;
					return 'sleeping';
				}
			}
		} catch (error) {
			this.#release();
			throw error;
		} finally {
			context.callers = callers;
		}
		this.#release();
		return 'done';
	}

	callback(address: number, args: readonly number[]): void {
		this.kernel.context.callFunction(address, args);
	}

	#backtrace(): readonly CodeFrame[] {
		if (this.#frame) this.#frame.pc = this.pc;
		return this.#frames
			.filter(({ code }) => code.name !== '')
			.map(({ code, pc }) => this.#options.frameOf(code, pc))
			.reverse();
	}

	call(symbol: FunctionSymbol, args: readonly Value[]): void {
		const count = symbol.parameters.length;
		this.enter(this.#options.codeOf(symbol), args.slice(0, count), args.slice(count));
	}

	enter(code: Code, args: readonly Value[], rest: readonly Value[] = []): void {
		if (this.#frames.length >= MAX_DEPTH) this.#overflow();
		if (this.#frame) this.#frame.pc = this.pc;
		const values: Value[] = Array.from({ length: code.slots }, (_, slot) => args[slot] ?? 0);
		this.#frame = { code, pc: 0, values, addresses: [], mark: this.#memory.pointer, rest };
		this.#frames.push(this.#frame);
		this.pc = 0;
	}

	leave(value: Value): void {
		const frame = this.#frames.pop();
		if (frame) this.#memory.pointer = frame.mark;
		this.#frame = this.#frames.at(-1);
		this.pc = this.#frame?.pc ?? 0;
		this.stack.push(value);
	}

	/** Counts a statement. After too many the CPU is taken to be lost. @throws {KernelFault} */
	tick(where: () => string): void {
		if (++this.#statements <= this.#options.maxStatements) return;
		const count = { where: where(), maxStatements: this.#options.maxStatements };
		const reason = phrase('{where}: {maxStatements} statements and no end; does this loop ever end?', count);
		if (this.isInspecting) throw new UserError(reason);
		this.kernel.words.softLockup(reason);
	}

	pop(): Value {
		return this.stack.pop() ?? 0;
	}

	popNumber(): number {
		return Number(this.stack.pop() ?? 0);
	}

	load(type: CType, address: number): Value {
		const bytes = sizeOf(type) ?? 4;
		if (!this.isInspecting) this.#options.storage.live.refresh(address);
		const raw = this.isInspecting ? peek(this.kernel.view, address, bytes) : this.kernel.read(virtual(address), bytes);
		return fromBytes(type, raw);
	}

	store(type: CType, address: number, value: Value): void {
		const bytes = sizeOf(type) ?? 4;
		const kept = this.#options.storage.live.at(address);
		if (kept) throw new UserError(phrase('{name} of the kernel cannot be written to here', { name: kept.name }));
		const word = intoBytes(type, value, () => this.kernel.read(virtual(address), bytes));
		this.kernel.write(virtual(address), bytes, word);
	}

	read(variable: Variable): Value {
		if (variable.kind === 'global') {
			return variable.address === 0 ? variable.value : this.load(variable.type, variable.address);
		}
		const address = this.#frame?.addresses[variable.slot] ?? 0;
		if (address !== 0) return this.load(variable.type, address);
		return this.#frame?.values[variable.slot] ?? 0;
	}

	write(variable: Variable, value: Value): void {
		if (variable.kind === 'global') {
			if (variable.address === 0) variable.value = value;
			else this.store(variable.type, variable.address, value);
			return;
		}
		const address = this.#frame?.addresses[variable.slot] ?? 0;
		if (address !== 0) this.store(variable.type, address, value);
		else if (this.#frame) this.#frame.values[variable.slot] = value;
	}

	/** Where a variable lies; from now on it lives in memory. */
	addressOf(variable: Variable): number {
		if (variable.kind === 'global') return this.#options.storage.placeGlobal(variable);
		const known = this.#frame?.addresses[variable.slot] ?? 0;
		if (known !== 0 || !this.#frame) return known;
		const value = this.#frame.values[variable.slot] ?? 0;
		const address = this.reserve(variable, false);
		if (variable.type.kind !== 'array' && variable.type.kind !== 'struct') this.store(variable.type, address, value);
		return address;
	}

	/** Take memory on the kernel stack for a local variable. */
	reserve(variable: LocalVariable, isZeroed: boolean): number {
		const frame = this.#frame;
		if (!frame) return 0;
		const bytes = sizeOf(variable.type) ?? 4;
		let address = frame.addresses[variable.slot] ?? 0;
		if (address === 0) {
			address = this.#memory.push(bytes);
			frame.addresses[variable.slot] = address;
		}
		if (isZeroed) fill(this.kernel, address, 0, bytes);
		return address;
	}

	restArguments(): number {
		return this.#memory.pushArguments(this.#frame?.rest ?? []);
	}

	#overflow(): never {
		const name = this.#frame?.code.name ?? '';
		const reason = phrase('{name} calls itself too deeply, or its variables are too large: the stack has 8 KiB', {
			name,
		});
		if (this.isInspecting) throw new UserError(reason);
		return this.kernel.words.stackOverflow(this.#memory.region, reason);
	}

	#release(): void {
		this.#frames.length = 0;
		this.#frame = undefined;
		this.#memory.release();
	}

	kernelVariable(global: KernelGlobal): number {
		return this.#options.storage.live.addressOf(global);
	}

	kernelText(text: string): number {
		return this.#options.storage.placeKernelText(text);
	}

	/** Address of a string literal; it is written there unless only the formats of the kernel read it. */
	literal(text: string, isWritten: boolean): number {
		const { storage } = this.#options;
		return isWritten ? storage.placeLiteral(text) : storage.nameLiteral(text);
	}
}
