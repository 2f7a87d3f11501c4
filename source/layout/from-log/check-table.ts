import { hex, KiB, MiB } from '../../machine/address.ts';
import { joined, type Phrase, type PlainPhrase, phrase, type Say, type Text, verbatim } from '../../phrases/phrase.ts';
import { alignColumns } from '../columns.ts';
import type { RowCheck, RowVerdict } from './check-log.ts';

/** Both columns side by side, one line a row. */
export const checkTable = (checks: readonly RowCheck[], say: Say): string[] => {
	const heading = [say('row'), say('computed'), say('in the log'), ''];
	const lines = checks.map(check => {
		const { name, verdict, computed, printed, cause } = check;
		const words = [VERDICTS[verdict], differenceText(check), cause].filter(text => text !== undefined);
		return [name, say(range(computed)), say(range(printed)), say(joined(words, ': '))];
	});
	return alignColumns([heading, ...lines]);
};

/** `start +8 MB, end -4 kB`: by how much the log differs. */
export const differenceText = ({ startBy = 0, endBy = 0 }: RowCheck): Phrase | undefined => {
	const [start, end] = [byText(startBy), byText(endBy)];
	if (startBy !== 0 && endBy !== 0) return phrase('start {start}, end {end}', { start, end });
	if (startBy !== 0) return phrase('start {start}', { start });
	return endBy === 0 ? undefined : phrase('end {end}', { end });
};

/** `+8 MB`, `-4 kB`. */
const byText = (bytes: number): string => {
	const size = Math.abs(bytes);
	const text = size % MiB === 0 ? `${size / MiB} MB` : `${size / KiB} kB`;
	return `${bytes < 0 ? '-' : '+'}${text}`;
};

const range = (row: { readonly start?: number; readonly end?: number } | undefined): Text => {
	if (row === undefined) return verbatim('-');
	if (row.start === undefined || row.end === undefined) return 'hidden';
	return verbatim(`${hex(row.start)} - ${hex(row.end % 2 ** 32)}`);
};

const VERDICTS: Readonly<Record<RowVerdict, PlainPhrase>> = {
	same: 'same',
	differs: 'differs',
	unprinted: 'not printed',
	unpredictable: 'not predictable',
};
