import type { Node } from 'web-tree-sitter';
import type { UserError } from '../../machine/user-error.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';
import type { Builtin } from '../builtins/builtin.ts';
import type { CType } from '../c-types.ts';
import type { PreparedText } from '../preprocessor/preprocessor.ts';
import type { FunctionSymbol, GlobalVariable, LocalVariable } from '../tree.ts';
import type { KernelWorld } from '../world.ts';
import { type Name, Scope } from './scope.ts';

/** What is being collected for the function that is checked. */
export interface FunctionState {
	readonly name: string;
	readonly returns: CType;
	slots: number;
	readonly labels: Set<string>;
	readonly gotos: { readonly label: string; readonly node: Node }[];
	/** Enclosing loops and switches, for break and continue. */
	readonly enclosing: ('loop' | 'switch')[];
}

export interface ContextOptions {
	readonly world: KernelWorld;
	readonly prepared: PreparedText;
	readonly scope: Scope;
	/** Whether the looser rules of the command bar hold. */
	readonly isBar: boolean;
	/** A function of the kernel's as something to point to. */
	readonly functionOf: (builtin: Builtin) => FunctionSymbol;
}

/** What all parts of the checker share while they read one text. */
export class CheckContext {
	readonly world: KernelWorld;
	prepared: PreparedText;
	readonly isBar: boolean;
	/** File scope of a module, or the names that this line of the command bar adds. */
	readonly fileScope: Scope;
	readonly functionOf: (builtin: Builtin) => FunctionSymbol;
	scope: Scope;
	function: FunctionState | undefined;
	readonly functions: FunctionSymbol[] = [];
	readonly globals: GlobalVariable[] = [];

	constructor({ world, prepared, scope, isBar, functionOf }: ContextOptions) {
		this.functionOf = functionOf;
		this.world = world;
		this.prepared = prepared;
		this.fileScope = scope;
		this.scope = scope;
		this.isBar = isBar;
	}

	error(node: Node, message: Text, hint?: Text): UserError {
		return this.prepared.error(node.startIndex, message, hint);
	}

	/** Text of a node as the user wrote it, short enough for a message. */
	textOf(node: Node): string {
		const text = node.text.replace(/struct __typedef_/g, '').replace(/\s+/g, ' ');
		return text.length > 40 ? `${text.slice(0, 37)}...` : text;
	}

	/** Check a part that stands in a text of its own. */
	inText<T>(text: PreparedText, check: () => T): T {
		const outer = this.prepared;
		this.prepared = text;
		try {
			return check();
		} finally {
			this.prepared = outer;
		}
	}

	inScope<T>(check: () => T): T {
		const outer = this.scope;
		this.scope = new Scope(outer);
		try {
			return check();
		} finally {
			this.scope = outer;
		}
	}

	/** The function whose body is read; expressions outside of any cannot need one. */
	requireFunction(node: Node): FunctionState {
		if (!this.function)
			throw this.error(node, 'this can only stand in a function', 'global variables start from constants');
		return this.function;
	}

	/** A new slot of the function. */
	local(node: Node, name: string, type: CType): LocalVariable {
		return { kind: 'local', name, type, slot: this.requireFunction(node).slots++ };
	}

	global(name: string, type: CType, isImplicit = false): GlobalVariable {
		const variable: GlobalVariable = { kind: 'global', name, type, value: 0, address: 0, isImplicit };
		this.globals.push(variable);
		return variable;
	}

	/** Whether the text at hand is the command bar's outermost block, whose variables stay. */
	get isBarTop(): boolean {
		return this.isBar && this.scope === this.fileScope;
	}

	declare(node: Node, text: string, name: Name): void {
		if (this.isBarTop && this.world.builtins.has(text)) {
			throw this.error(node, phrase('{text} is a function of the kernel', { text }), 'give yours another name');
		}
		const known = this.scope.names.get(text);
		if (known && !this.isBarTop)
			throw this.error(node, phrase('{text} is declared twice', { text }), 'give one of them another name');
		this.scope.names.set(text, name);
	}

	userFunctions(): string[] {
		return [...this.scope.visible()].filter(([, name]) => name.kind === 'function').map(([text]) => text);
	}

	/** Names for "did you mean". */
	userNames(): string[] {
		return [...this.scope.visible()].map(([text]) => text);
	}
}
