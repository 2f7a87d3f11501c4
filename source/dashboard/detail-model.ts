/** What lies at an address: region, mapping, page, slab object and the bytes of the page. */
import { hex, PAGE_SIZE, pfnToPhysical, physical, virtual } from '../machine/address.ts';
import type { MemoryView } from '../memory/memory-view.ts';
import type { Messages } from '../messages/messages.ts';

const BYTES_PER_ROW = 16;

/** Lines of the detail box: facts first, then the page as a hex dump. */
export const detailLines = (view: MemoryView, address: number, messages: Messages): readonly string[] => {
	const words = messages.detail;
	const region = view.layout.regions.find(candidate => address >= candidate.start && address < candidate.end);
	const lines = region ? [words.region(region.name, hex(region.start), hex(region.end))] : [];
	const translation = view.translate(virtual(address));
	if (!translation) return [...lines, words.unmapped];
	lines.push(
		`${hex(address)} -> ${hex(translation.physical)}  pfn 0x${translation.pfn.toString(16)}, ${words.walk(translation.via)}`,
	);
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
