import { virtual } from '../machine/address.ts';
import type { Recorder } from '../memory/checkpoint.ts';
import type { CodeFrame } from '../memory/oops/code-frame.ts';
import type { KernelOperations } from '../memory/operations.ts';
import type { Value } from './c-value.ts';
import { Scope } from './checker/scope.ts';
import { type Compiler, functionBytes } from './compiler.ts';
import { KERNEL_FUNCTION_BYTES } from './kernel-functions.ts';
import type { ModuleProgram } from './program.ts';
import type { Storage } from './storage.ts';
import type { FunctionSymbol } from './tree.ts';
import type { Code } from './vm.ts';

export interface LoadedModule {
	readonly program: ModuleProgram;
	readonly address: number;
	readonly storage: Storage;
}

/** The modules that are in the kernel, oldest first, and the names that they bring. */
export class LoadedModules {
	/** What they define: for the command bar, as a debugger would see it. */
	readonly names: Scope;
	/** What EXPORT_SYMBOL lets later modules use. */
	readonly exported: Scope;
	readonly #modules = new Map<string, LoadedModule>();

	constructor(
		readonly kernel: KernelOperations,
		readonly compiler: Compiler,
	) {
		this.names = new Scope(compiler.headers);
		this.exported = new Scope(compiler.headers);
	}

	keep(recorder: Recorder): void {
		recorder.note(this.#modules);
		for (const { program, storage } of this.#modules.values()) {
			for (const symbol of [...program.functions, ...program.globals]) recorder.note(symbol);
			storage.keep(recorder);
		}
		this.names.keep(recorder);
		this.exported.keep(recorder);
	}

	/** Oldest first. */
	list(): readonly string[] {
		return [...this.#modules.keys()];
	}

	get(name: string): LoadedModule | undefined {
		return this.#modules.get(name);
	}

	/** Give a module's functions and variables their addresses, and its names to those who may see them. */
	link(loaded: LoadedModule): void {
		const { program, address } = loaded;
		let next = address;
		for (const symbol of program.functions) {
			if (!symbol.body) continue;
			symbol.address = next;
			next += functionBytes(this.compiler.codeOf(symbol));
		}
		for (const variable of program.globals) {
			variable.value = 0 satisfies Value;
			variable.address = 0;
		}
		this.#modules.set(program.name, loaded);
		this.#gatherNames();
	}

	unlink(name: string): void {
		this.#modules.delete(name);
		this.#gatherNames();
		this.kernel.unloadModule(name);
	}

	functionAt(address: number): FunctionSymbol | undefined {
		for (const { program } of this.#modules.values()) {
			const symbol = program.functions.find(candidate => candidate.address === virtual(address) && candidate.body);
			if (symbol) return symbol;
		}
		return this.compiler.kernelFunctions.at(address);
	}

	/** Where the variables of the module lie that has a function at an address. */
	storageAt(address: number): Storage | undefined {
		for (const { program, storage } of this.#modules.values()) {
			if (program.functions.some(candidate => candidate.address === virtual(address) && candidate.body)) return storage;
		}
		return undefined;
	}

	/** A running function as a call trace shows it. */
	frameOf(code: Code, at: number): CodeFrame {
		for (const { program } of this.#modules.values()) {
			for (const symbol of program.functions) {
				if (!symbol.body || this.compiler.codeOf(symbol) !== code) continue;
				const size = functionBytes(code);
				const offset = Math.min(4 * at, size - 4);
				return { name: symbol.name, address: symbol.address, size, offset, module: program.name };
			}
		}
		return { name: code.name, address: 0, size: 0, offset: 0, module: undefined };
	}

	/** `function+0x10/0x40 [module]`, as %pS prints it. */
	symbolAt(address: number): string | undefined {
		for (const { program } of this.#modules.values()) {
			for (const symbol of program.functions) {
				if (!symbol.body) continue;
				const size = functionBytes(this.compiler.codeOf(symbol));
				const offset = address - symbol.address;
				if (offset >= 0 && offset < size) {
					return `${symbol.name}+0x${offset.toString(16)}/0x${size.toString(16)} [${program.name}]`;
				}
			}
		}
		const name = this.compiler.kernelFunctions.at(address)?.name;
		return name === undefined ? undefined : `${name}+0x0/0x${KERNEL_FUNCTION_BYTES.toString(16)}`;
	}

	#gatherNames(): void {
		this.names.names.clear();
		this.names.tags.clear();
		this.exported.names.clear();
		for (const { program } of this.#modules.values()) {
			this.names.absorb(program.scope);
			for (const name of program.file.exports) {
				const symbol = program.scope.names.get(name);
				if (symbol) this.exported.names.set(name, symbol);
			}
		}
	}
}
