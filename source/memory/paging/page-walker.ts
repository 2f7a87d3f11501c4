import type { Machine } from '../../machine/machine.ts';
import type { PageBytes } from '../pages/page-bytes.ts';
import { coveredBytes, type EntryMeaning, type TableLevel, tableLevels } from './entry-meaning.ts';

/** One entry that a walk has read. */
export interface WalkedEntry {
	readonly level: TableLevel;
	readonly index: number;
	/** Physical address of the entry. */
	readonly entry: number;
	readonly low: number;
	readonly high: number;
	readonly meaning: EntryMeaning;
}

/** Where a walk has led. */
export interface Reached {
	/** Physical address of the byte that was asked for. */
	readonly physical: number;
	/** First virtual address that the last entry maps, and how many bytes. */
	readonly start: number;
	readonly bytes: number;
	/** Physical address of the entry that decided. */
	readonly entry: number;
	readonly meaning: EntryMeaning;
}

/** The walk of the hardware: from a root table down through simulated memory. */
export class PageWalker {
	readonly #levels: readonly TableLevel[];

	constructor(
		machine: Machine,
		readonly bytes: PageBytes,
	) {
		this.#levels = tableLevels(machine);
	}

	/** The entries from the root down to the one that decides. @param root Physical address of the root table. */
	walk(root: number, address: number): WalkedEntry[] {
		const entries: WalkedEntry[] = [];
		let table = root;
		for (const level of this.#levels) {
			const found = this.#read(level, table, address);
			entries.push(found);
			if (found.meaning.target !== 'table') break;
			table = found.meaning.physical;
		}
		return entries;
	}

	/** Where an address leads, or null when nothing is mapped there. */
	reach(root: number, address: number): Reached | null {
		let table = root;
		for (const level of this.#levels) {
			const { meaning, entry } = this.#read(level, table, address);
			if (meaning.target === 'none') return null;
			if (meaning.target === 'table') {
				table = meaning.physical;
				continue;
			}
			const bytes = coveredBytes(level);
			const offset = address % bytes;
			return { physical: meaning.physical + offset, start: address - offset, bytes, entry, meaning };
		}
		return null;
	}

	#read(level: TableLevel, table: number, address: number): WalkedEntry {
		const index = Math.floor(address / 2 ** level.shift) % 2 ** level.bits;
		const entry = table + index * level.bytes;
		const low = this.bytes.word(entry);
		const high = level.bytes === 8 ? this.bytes.word(entry + 4) : 0;
		return { level, index, entry, low, high, meaning: level.read(low, high) };
	}
}
