import type { Say } from '../../phrases/phrase.ts';
import type { RuleId } from '../border-rules.ts';
import type { RegionName } from '../layout.ts';
import type { WalkFormat } from './entry-value.ts';
import type { RowNote, SymbolKind } from './explain-border.ts';
import type { LowmemPart } from './place.ts';

/** The words of `explain` and `compare` in one language; names from the kernel stay as they are. */
export interface ExplainWords {
	/** Puts phrases into the language. */
	readonly say: Say;
	/** How a sentence about a border begins, by the border's name. */
	readonly subjects: Readonly<Record<string, string>>;
	readonly otherSubject: (name: string) => string;
	/** Why the border lies there, by rule. */
	readonly reasons: Readonly<Record<RuleId, string>>;
	readonly roundedDown: (size: string) => string;
	readonly pages: (count: number) => string;
	readonly span: {
		readonly between: (first: string, last: string) => string;
		readonly from: (first: string) => string;
		readonly upTo: (last: string) => string;
	};
	/** Between the parts of a sentence. */
	readonly comma: string;
	readonly semicolon: string;
	readonly colon: string;
	readonly inParentheses: (text: string) => string;
	readonly labels: {
		readonly source: string;
		readonly start: string;
		readonly end: string;
		readonly moves: string;
		readonly noMoves: string;
		readonly region: string;
		readonly place: string;
		readonly frame: string;
		readonly walk: string;
		readonly conversion: string;
		readonly below: string;
		readonly above: string;
	};
	readonly meanings: Readonly<Record<SymbolKind, string>>;
	readonly fixAddress: (address: string) => string;
	readonly regions: Readonly<Record<RegionName, string>>;
	readonly parts: Readonly<Record<LowmemPart, string>>;
	readonly rowNotes: Readonly<Record<RowNote, string>>;
	readonly pkmapSlot: (slot: number, slots: number) => string;
	readonly fixIndex: (index: number, name: string) => string;
	readonly kmapSlot: (cpu: number, depth: number, type: string | undefined) => string;
	readonly bootOnly: string;
	readonly noUse: string;
	readonly area: (kind: string, range: string, caller: string) => string;
	readonly guard: string;
	readonly noArea: string;
	readonly entryArea: (cpu: number, page: number) => string;
	readonly idt: string;
	readonly vectorPages: readonly [string, string];
	readonly frame: (pfn: string, physical: string) => string;
	readonly zone: (zone: string, structPage: string) => string;
	readonly noRam: string;
	readonly formats: Readonly<Record<WalkFormat, string>>;
	readonly inImage: string;
	readonly entryAt: (address: string) => string;
	readonly entryOffset: (offset: string) => string;
	readonly targets: {
		readonly table: string;
		readonly block: (size: string, physical: string) => string;
		readonly page: (physical: string) => string;
		readonly none: string;
		readonly noneBelow: string;
		readonly unknown: string;
		readonly undetermined: string;
	};
	readonly hardware: (value: string) => string;
	readonly mappings: {
		readonly boot: string;
		readonly process: string;
		readonly image: string;
		readonly low: string;
		readonly none: string;
	};
	readonly valid: (physical: string) => string;
	readonly invalid: (gives: string) => string;
	readonly hitsRam: (zone: string) => string;
	readonly hitsNothing: string;
	readonly trulyAt: (physical: string) => string;
	readonly adjacent: (name: string, range: string) => string;
	readonly away: (name: string, range: string, distance: string) => string;
	readonly compare: {
		readonly row: string;
		readonly size: string;
		readonly moved: string;
		readonly same: string;
		readonly onlyIn: (name: string) => string;
		/** By how much a row's start and end moved; absent: not at all. */
		readonly moves: (start: string | undefined, end: string | undefined) => string;
		/** The whole row. */
		readonly movesWhole: (by: string) => string;
		readonly quantities: {
			readonly ram: string;
			readonly lowmem: string;
			readonly highmem: string;
			readonly vmalloc: string;
			readonly pkmap: string;
			readonly modules: string;
			readonly unused: string;
		};
		readonly identical: string;
		readonly wouldNotBoot: (name: string, why: string) => string;
		readonly facts: Readonly<
			Record<'kernel' | 'ram' | 'split' | 'highmem' | 'tables' | 'nrCpus' | 'parameters', string>
		>;
	};
}
