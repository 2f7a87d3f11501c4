/** What lies at an address: its explanation, the page, the slab object and the bytes of the page. */
import { hex, PAGE_SIZE, pfnToPhysical, physical, virtual } from '../../machine/address.ts';
import type { MemoryView } from '../../memory/memory-view.ts';
import type { Messages } from '../../messages/messages.ts';
import { walkLines } from '../panels/walk-model.ts';
import { explainedAddress, explainedName } from './explained-lines.ts';

const BYTES_PER_ROW = 16;

export interface DetailContext {
	readonly view: MemoryView;
	readonly messages: Messages;
	/** Columns of a line. */
	readonly width: number;
}

/** Lines of the detail box: what `highmem explain` says, then the page as it is now, with a hex dump. */
export const detailLines = (address: number, { view, messages, width }: DetailContext): readonly string[] => {
	const words = messages.detail;
	const lines = [...explainedAddress(view, address, messages.explain, width)];
	const translation = view.translate(virtual(address));
	if (!translation) return lines;
	lines.push('');
	if (translation.via === 'user') lines.push(...walkTexts(address, { view, messages }), '');
	const page = view.pages.page(translation.pfn);
	if (page) {
		lines.push(words.page(`0x${page.pfn.toString(16)}`, page.zone, messages.states[page.state], page.order));
		const pageAddress = page.address === 0 ? words.noPageAddress : words.pageAddress(hex(page.address));
		lines.push(`${words.structPage(hex(page.structPage))}, ${pageAddress}`);
	}
	const object = view.slab.objectAt(virtual(address));
	if (object) lines.push(words.slab(object.cache, hex(object.start), object.isFree));
	lines.push('', words.contents, ...hexDump(view, address, pfnToPhysical(translation.pfn)));
	return lines;
};

/** The walk through the process's own tables. */
const walkTexts = (address: number, { view, messages }: Omit<DetailContext, 'width'>): readonly string[] =>
	walkLines({ view, messages, walked: virtual(address) }).map(({ text }) => text);

/** Lines of the rule box: why a row or symbol lies there, and, for a row, what lies at its beginning. */
export const ruleLines = (name: string, context: DetailContext): readonly string[] => {
	const { view, messages, width } = context;
	const lines = explainedName(view.machine, name, messages.explain, width);
	const row = view.layout.rows.find(candidate => candidate.name === name);
	return row ? [...lines, '', ...detailLines(row.start, context)] : lines;
};

/** The page around `address`; rows that repeat the one before are told as one `*`, as hexdump does. */
const hexDump = (view: MemoryView, address: number, pagePhysical: number): readonly string[] => {
	const bytes = view.peek(physical(pagePhysical), PAGE_SIZE);
	const pageStart = address - (address % PAGE_SIZE);
	const lines: string[] = [];
	let previous = '';
	for (let offset = 0; offset < PAGE_SIZE; offset += BYTES_PER_ROW) {
		const row = hexRow(bytes.subarray(offset, offset + BYTES_PER_ROW));
		if (row !== previous) lines.push(`${digits(pageStart + offset)}  ${row}`);
		else if (lines.at(-1) !== '*') lines.push('*');
		previous = row;
	}
	return [...lines, digits(pageStart + PAGE_SIZE)];
};

// Without 0x, so that a row fits a screen of 80 columns.
const digits = (address: number): string => hex(address).slice(2);

const hexRow = (bytes: Uint8Array): string => {
	const codes = [...bytes].map(byte => byte.toString(16).padStart(2, '0'));
	const text = [...bytes].map(byte => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
	return `${codes.slice(0, 8).join(' ')}  ${codes.slice(8).join(' ')} |${text}|`;
};
