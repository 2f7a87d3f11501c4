import { hex } from '../../machine/address.ts';
import type { Machine } from '../../machine/machine.ts';
import { machineJson } from '../machine-json.ts';
import { borderSentence } from './border-text.ts';
import type { Explanation } from './explain.ts';
import type { AddressExplanation } from './explain-address.ts';
import type { BorderExplanation } from './explain-border.ts';
import { inclusiveSpan } from './releases.ts';
import type { ExplainWords } from './words.ts';

/** `explain --json`: addresses and table entries as text, counts and sizes as numbers. */
export const explanationJson = (machine: Machine, explanation: Explanation, words: ExplainWords): object => ({
	machine: machineJson(machine),
	...bodyOf(explanation, words),
});

const bodyOf = (explanation: Explanation, words: ExplainWords): object => {
	switch (explanation.kind) {
		case 'row': {
			const { kind, name, note, start, end } = explanation;
			const bytes = end.border.value - start.border.value;
			return { kind, name, note, bytes, start: borderJson(start, words), end: borderJson(end, words) };
		}
		case 'symbol': {
			const { kind, name, value, why, meaning, address, file, moves } = explanation;
			if (why) return { kind, name, ...borderJson(why, words) };
			return {
				kind,
				name,
				value,
				meaning: meaning === undefined ? undefined : words.meanings[meaning],
				address: address === undefined ? undefined : hex(address),
				file,
				moves,
			};
		}
		case 'address':
			return addressJson(explanation);
	}
};

const borderJson = ({ border, file, moves }: BorderExplanation, words: ExplainWords): object => {
	const { first, last } = inclusiveSpan(border.span);
	return {
		border: border.name,
		value: hex(border.value),
		rule: border.rule,
		steps: border.steps.map(({ op, as, value, name }) => ({ op, name, value: as === 'address' ? hex(value) : value })),
		firstKernel: first,
		lastKernel: last,
		text: borderSentence(border, words),
		file,
		moves: moves.map(({ flags, value }) => ({ flags, value: hex(value) })),
	};
};

const addressJson = (explanation: AddressExplanation): object => {
	const { kind, address, region, place, mapping, walk, frame, conversion, below, above } = explanation;
	const range = ({ name, start, end }: typeof region): object => ({ name, start: hex(start), end: hex(end) });
	const word = (bits: bigint | undefined): string | undefined =>
		bits === undefined ? undefined : `0x${bits.toString(16)}`;
	const text = (value: number | undefined): string | undefined => (value === undefined ? undefined : hex(value));
	return {
		kind,
		address: hex(address),
		region: range(region),
		place,
		mapping: mapping.how,
		walk: {
			format: walk.format,
			root: text(walk.root),
			levels: walk.levels.map(({ level, index, offset, entry, value, hardware, target }) => ({
				level,
				index,
				offset,
				entry: text(entry),
				value: word(value),
				hardware: word(hardware),
				target,
			})),
		},
		frame: frame && { ...frame, physical: hex(frame.physical), structPage: text(frame.structPage) },
		virtToPhys: { ...conversion, gives: hex(conversion.gives) },
		below: below && { ...range(below.region), distanceBytes: below.distanceBytes },
		above: above && { ...range(above.region), distanceBytes: above.distanceBytes },
	};
};
