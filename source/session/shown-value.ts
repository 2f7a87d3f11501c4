import { type CValue, formatValue } from '../kernel-c/c-value.ts';
import { decodeBytes } from '../kernel-c/literals.ts';
import { type VirtualAddress, virtual } from '../machine/address.ts';
import type { MemoryView } from '../memory/memory-view.ts';

const MOST_CHARACTERS = 60;

/** What an execution gave; undefined for nothing, and for an expression of type void, whose value has no text. */
export const shownResult = (value: CValue | undefined, view: MemoryView): string | undefined =>
	(value && shownValue(value, view)) || undefined;

/** A value as the command bar shows it: a char pointer with the text that it points to, as debuggers do. */
const shownValue = (value: CValue, view: MemoryView): string => {
	const plain = formatValue(value);
	const { type } = value;
	if (type.kind !== 'pointer' || type.to.kind !== 'integer' || type.to.name !== 'char') return plain;
	const text = textAt(view, virtual(Number(value.value)));
	return text === undefined ? plain : `${plain} ${JSON.stringify(decodeBytes(text))}`;
};

/** Characters up to a zero byte; undefined when there are none, or others than text. */
const textAt = (view: MemoryView, start: VirtualAddress): string | undefined => {
	let text = '';
	for (let at = 0; at <= MOST_CHARACTERS; at++) {
		const place = view.translate(virtual(start + at));
		const byte = place && view.peek(place.physical, 1)[0];
		if (byte === 0) return text === '' ? undefined : text;
		if (byte === null || byte === undefined || (byte < 0x20 && byte !== 10 && byte !== 9) || byte === 0x7f)
			return undefined;
		text += String.fromCharCode(byte);
	}
	return `${text.slice(0, MOST_CHARACTERS - 3)}...`;
};
