import type { StructType } from '../c-types.ts';
import { type Name, Scope } from '../checker/scope.ts';
import type { HeaderItem } from './item.ts';

/**
 * The names that the kernel's headers define in C, under those of all programs. Each is compiled when it is first asked
 * for, into this scope; what it names is found here in turn.
 */
export class HeaderScope extends Scope {
	readonly #items = new Map<string, HeaderItem>();
	readonly #tags = new Map<string, HeaderItem>();
	readonly #typedefs: readonly string[];

	constructor(
		items: readonly HeaderItem[],
		readonly compile: (item: HeaderItem) => void,
	) {
		super();
		for (const item of items) {
			if (item.kind === 'struct') this.#tags.set(item.name, item);
			else if (item.kind !== 'macro') this.#items.set(item.name, item);
		}
		this.#typedefs = items.filter(({ kind }) => kind === 'typedef').map(({ name }) => name);
	}

	override find(name: string): Name | undefined {
		this.#bring(this.#items, name);
		return this.names.get(name);
	}

	override findTag(tag: string): StructType | 'enum' | undefined {
		this.#bring(this.#tags, tag);
		return this.tags.get(tag);
	}

	/** None: what of it was compiled already is nothing to show. */
	override *visible(): Iterable<[string, Name]> {}

	override typedefNames(): string[] {
		return [...this.#typedefs];
	}

	/** Taken off the list first, so that it may name itself. */
	#bring(items: Map<string, HeaderItem>, name: string): void {
		const item = items.get(name);
		if (!item) return;
		items.delete(name);
		this.compile(item);
	}
}
