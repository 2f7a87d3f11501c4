import type { Builtin } from './builtins/builtin.ts';
import { type FunctionType, VOID_POINTER } from './c-types.ts';
import type { Name } from './checker/scope.ts';
import type { Expression, FunctionSymbol, LocalVariable } from './tree.ts';
import type { KernelWorld } from './world.ts';

/** Distance of the kernel's functions in .text; what is between them has no meaning here. */
export const KERNEL_FUNCTION_BYTES = 64;
/** Where the first one lies, behind the entry code. */
const TEXT_OFFSET = 0x1000;

/** The kernel's own functions as addresses in .text, for pointers to them. */
export class KernelFunctions {
	readonly #names: readonly string[];
	readonly #symbols = new Map<string, FunctionSymbol>();
	readonly #start: number;

	constructor(
		readonly world: KernelWorld,
		readonly find: (name: string) => Name | undefined,
	) {
		const inline = world.headers.filter(({ kind }) => kind === 'function').map(({ name }) => name);
		this.#names = [...world.builtins.keys(), ...inline].sort();
		this.#start = world.view.machine.sections.text[0] + TEXT_OFFSET;
	}

	addressOf(name: string): number {
		return this.#start + this.#names.indexOf(name) * KERNEL_FUNCTION_BYTES;
	}

	/** The function that begins at an address. */
	at(address: number): FunctionSymbol | undefined {
		const name = this.#names[(address - this.#start) / KERNEL_FUNCTION_BYTES];
		if (name === undefined) return undefined;
		const builtin = this.world.builtins.get(name);
		if (builtin) return this.of(builtin);
		const found = this.find(name);
		return found?.kind === 'function' ? found : undefined;
	}

	/** A builtin as a function of C that can be pointed to. */
	of(builtin: Builtin): FunctionSymbol {
		const known = this.#symbols.get(builtin.name);
		if (known) return known;
		const type: FunctionType = {
			kind: 'function',
			returns: builtin.returns,
			parameters: builtin.parameters.map(parameter => (parameter === 'address' ? VOID_POINTER : parameter)),
			isVariadic: builtin.isVariadic,
		};
		const parameters = type.parameters.map(
			(parameter, slot): LocalVariable => ({ kind: 'local', name: '', type: parameter, slot }),
		);
		const args = parameters.map((variable): Expression => ({ kind: 'variable', at: 0, type: variable.type, variable }));
		const symbol: FunctionSymbol = {
			kind: 'function',
			name: builtin.name,
			type,
			isStatic: false,
			body: { kind: 'return', at: 0, value: { kind: 'builtin', at: 0, type: type.returns, builtin, args } },
			parameters,
			slots: parameters.length,
			address: this.addressOf(builtin.name),
		};
		this.#symbols.set(builtin.name, symbol);
		return symbol;
	}
}
