import type { Recorder } from '../../memory/checkpoint.ts';
import type { CType, StructType } from '../c-types.ts';
import type { Value } from '../c-value.ts';
import type { FunctionSymbol, Variable } from '../tree.ts';

/** What a name of the user's stands for. */
export type Name =
	| Variable
	| FunctionSymbol
	| { readonly kind: 'enumerator'; readonly type: CType; readonly value: Value }
	| { readonly kind: 'typedef'; readonly type: CType };

/** Names of one block, file or command bar; what it does not have, its parent may. */
export class Scope {
	readonly names = new Map<string, Name>();
	readonly tags = new Map<string, StructType | 'enum'>();

	constructor(readonly parent?: Scope) {}

	find(name: string): Name | undefined {
		return this.names.get(name) ?? this.parent?.find(name);
	}

	findTag(tag: string): StructType | 'enum' | undefined {
		return this.tags.get(tag) ?? this.parent?.findTag(tag);
	}

	/** All names in sight, inner ones first. */
	*visible(): Iterable<[string, Name]> {
		yield* this.names;
		if (this.parent) yield* this.parent.visible();
	}

	typedefNames(): string[] {
		const own = [...this.names].filter(([, name]) => name.kind === 'typedef').map(([text]) => text);
		return [...own, ...(this.parent?.typedefNames() ?? [])];
	}

	/** Whether any name here is that of a function. */
	get hasFunctions(): boolean {
		for (const name of this.names.values()) if (name.kind === 'function') return true;
		return false;
	}

	keep(recorder: Recorder): void {
		recorder.note(this.names);
		recorder.note(this.tags);
		for (const name of this.names.values()) recorder.note(name);
		for (const type of this.tags.values()) if (type !== 'enum') recorder.note(type);
	}

	/** Take over what another scope has. */
	absorb(other: Scope): void {
		for (const [text, name] of other.names) this.names.set(text, name);
		for (const [tag, type] of other.tags) this.tags.set(tag, type);
	}
}
