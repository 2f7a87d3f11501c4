import { hex } from '../../machine/address.ts';
import { english } from '../../phrases/phrase.ts';
import type { LayoutRow } from '../layout.ts';
import { machineJson } from '../machine-json.ts';
import { type Comparison, hasMoved, type Side } from './compare.ts';

/** `compare --json`: addresses as text, sizes as numbers of bytes; differences are B less A. */
export const comparisonJson = ({ a, b, facts, rows, quantities }: Comparison): object => ({
	a: sideJson(a),
	b: sideJson(b),
	facts: facts.map(({ name, a: left, b: right }) => ({ name, a: left, b: right })),
	rows: rows.map(row => ({
		name: row.name,
		a: row.a ? rowJson(row.a) : null,
		b: row.b ? rowJson(row.b) : null,
		moved: hasMoved(row),
		...(row.a && row.b
			? {
					startMoved: row.b.start - row.a.start,
					endMoved: row.b.end - row.a.end,
					bytesMore: sizeOf(row.b) - sizeOf(row.a),
				}
			: {}),
	})),
	costs: Object.fromEntries(
		quantities.map(({ name, a: left, b: right }) => [name, { a: left, b: right, difference: right - left }]),
	),
});

const sizeOf = ({ start, end }: LayoutRow): number => end - start;

const rowJson = (row: LayoutRow): object => ({ start: hex(row.start), end: hex(row.end), bytes: sizeOf(row) });

const sideJson = ({ name, machine, layout }: Side): object => ({
	name,
	machine: machineJson(machine),
	messages: layout.messages,
	...(layout.bootFailure === undefined ? {} : { bootFailure: english(layout.bootFailure) }),
});
