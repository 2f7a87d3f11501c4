import { pfn as toPfn, virtual } from '../machine/address.ts';
import type { MemoryView } from '../memory/memory-view.ts';

/** Region of the address space that an address lies in, '' where it lies in none. */
export const regionOf = (view: MemoryView, address: number): string => {
	const region = view.layout.regions.find(candidate => address >= candidate.start && address < candidate.end);
	return region?.name ?? '';
};

/** Reads a typed address, `pfn 0x..` or symbol into a kernel virtual address. */
export const findAddress = (view: MemoryView, text: string): number | undefined => {
	const trimmed = text.trim();
	const frame = /^pfn\s*(0x[0-9a-f]+|\d+)$/i.exec(trimmed)?.[1];
	if (frame !== undefined) {
		const page = view.pages.page(toPfn(Number(frame)));
		return page && page.address !== 0 ? page.address : undefined;
	}
	const number = /^(0x)?([0-9a-f]{5,8})$/i.exec(trimmed)?.[2];
	if (number !== undefined) return virtual(Number.parseInt(number, 16));
	const row = view.layout.rows.find(candidate => candidate.name === trimmed);
	return view.layout.symbols.get(trimmed) ?? row?.start;
};
