import type { PrintedRow } from './log-facts.ts';
import { group, type Recognizer } from './recognizer.ts';

const address = (text: string): number | undefined => (/^0x[0-9a-f]{1,16}$/.test(text) ? Number(text) : undefined);

/** The mem_init table itself. It is only ever compared with what the formulas give. */
export const TABLE_LINES: readonly Recognizer[] = [
	{
		pattern: /^([Vv])irtual kernel memory layout:/,
		read: (facts, match, line) => {
			facts.heading ??= { value: match[0], line };
		},
	},
	{
		pattern:
			/^(\.?[A-Za-z_]{2,12}) {0,8}: (0x[0-9a-f]{8,16}|0x\(ptrval\)|\(ptrval\)) {0,3}- {0,3}(0x[0-9a-f]{8,16}|0x\(ptrval\)|\(ptrval\))(?: {1,8}\( {0,8}(\d{1,9}) ?([kM]B)\))?/,
		read: (facts, match, line) => {
			const [start, end] = [address(group(match, 2)), address(group(match, 3))];
			const row: PrintedRow = {
				name: group(match, 1),
				...(start === undefined ? {} : { start }),
				...(end === undefined ? {} : { end }),
				...(match[4] === undefined ? {} : { size: `${match[4]} ${match[5]}` }),
				line,
			};
			facts.rows.push(row);
		},
	},
];

/** Without the heading above it a row of that form may be anything, such as a device's addresses. */
export const isTableRow = ({ name }: PrintedRow): boolean => TABLE_NAMES.has(name);

const TABLE_NAMES: ReadonlySet<string> = new Set([
	'vector',
	'DTCM',
	'ITCM',
	'timers',
	'fixmap',
	'cpu_entry',
	'DMA',
	'vmalloc',
	'lowmem',
	'pkmap',
	'modules',
	'.text',
	'.init',
	'.data',
	'.bss',
]);
