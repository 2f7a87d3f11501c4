import { FOUR_GIB } from '../../machine/address.ts';
import { closest } from '../../machine/closest.ts';
import type { Machine } from '../../machine/machine.ts';
import { parseSize } from '../../machine/size.ts';
import { UserError } from '../../machine/user-error.ts';
import { phrase } from '../../phrases/phrase.ts';
import { computeLayout } from '../compute-layout.ts';
import type { Layout } from '../layout.ts';
import { type AddressExplanation, explainAddress, type LiveMemory } from './explain-address.ts';
import {
	explainRow,
	explainSymbol,
	isRowName,
	type RowExplanation,
	rowNames,
	type SymbolExplanation,
} from './explain-border.ts';
import { type Variant, variantsOf } from './moves.ts';

export type Explanation = RowExplanation | SymbolExplanation | AddressExplanation;

/** What is hex without 0x too: long enough to be no word. */
const ADDRESS = /^(?:0x)([0-9a-f]{1,9})$|^([0-9a-f]{6,8})$/i;

/**
 * Explain an address, a row of the table or a symbol of this machine, or a symbol and a distance: `PKMAP_BASE+0x3000`.
 * @throws {UserError} when it is none of them; `where` is the word itself.
 */
export const explain = (machine: Machine, text: string, live?: LiveMemory): Explanation => {
	const layout = computeLayout(machine);
	const word = text.trim();
	const address = addressOf(layout, word);
	if (address !== undefined) return explainAddress(machine, layout, address, live);
	const variants = lazily(() => variantsOf(machine));
	const found = named(machine, layout, word, variants);
	if (found) return found;
	if (isRowName(word)) {
		throw new UserError(
			'is not there in this kernel',
			word,
			word === 'pkmap' ? '--highmem' : 'highmem layout lists what is',
		);
	}
	const names = namesOf(layout);
	const meant = names.find(name => name.toLowerCase() === word.toLowerCase()) ?? closest(word, names);
	const other = meant === undefined ? undefined : named(machine, layout, meant, variants);
	if (other && meant?.toLowerCase() === word.toLowerCase()) return other;
	throw new UserError(
		'is no address, row or symbol of this kernel',
		word === '' ? 'explain' : word,
		meant
			? phrase('did you mean {meant}?', { meant })
			: 'for example 0xc0000000, vmalloc, high_memory or PKMAP_BASE+0x3000',
	);
};

const named = (machine: Machine, layout: Layout, name: string, variants: () => readonly Variant[]) => {
	if (rowNames(layout).includes(name)) return explainRow(machine, layout, name, variants());
	if (!layout.symbols.has(name) && !layout.borders.has(name)) return undefined;
	return explainSymbol(machine, layout, name, variants());
};

/** Every name that `explain` knows on this machine, rows first. */
export const namesOf = (layout: Layout): string[] => [
	...new Set([...rowNames(layout), ...layout.symbols.keys(), ...layout.borders.keys()]),
];

const addressOf = (layout: Layout, word: string): number | undefined => {
	if (layout.symbols.has(word)) return undefined;
	const match = ADDRESS.exec(word);
	if (match) return checked(Number.parseInt(match[1] ?? match[2] ?? '', 16), word);
	const [, name = '', sign, distance = ''] = /^(\w+)([+-])(\w+)$/.exec(word) ?? [];
	const base = layout.borders.get(name)?.value ?? layout.symbols.get(name);
	if (base === undefined) return undefined;
	const bytes = parseSize(distance, word);
	return checked(sign === '-' ? base - bytes : base + bytes, word);
};

const checked = (address: number, word: string): number => {
	if (address >= 0 && address < FOUR_GIB) return address;
	throw new UserError('is no 32-bit virtual address', word, 'from 0x00000000 to 0xffffffff');
};

const lazily = <T>(make: () => T): (() => T) => {
	let made: T | undefined;
	return () => {
		made ??= make();
		return made;
	};
};
