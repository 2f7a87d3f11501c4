import { alignUp, PAGE_SIZE, type VirtualAddress, virtual } from '../../machine/address.ts';
import type { AddressConversion } from '../address-conversion.ts';
import { eventCode } from '../event-log.ts';
import { PageKind } from '../paging/entry-bits.ts';
import type { VmallocAllocator, VmallocParts } from './vmalloc.ts';
import { isIsaRange } from './vmalloc-rules.ts';

const IOREMAP = eventCode('ioremap');

/** Device memory in the vmalloc space (arch/arm/mm/ioremap.c, arch/x86/mm/ioremap.c). */
export class Ioremap {
	readonly #parts: VmallocParts;
	readonly #maxPhysical: number;

	constructor(
		parts: VmallocParts,
		readonly vmalloc: VmallocAllocator,
		readonly conversion: AddressConversion,
	) {
		this.#parts = parts;
		const { machine } = parts.context;
		const hasWidePhysical = machine.arch === 'arm' ? machine.lpae : machine.pae;
		this.#maxPhysical = hasWidePhysical ? 2 ** 40 : 2 ** 32;
	}

	/** @returns the address of `physical`, its offset in the page kept, or 0. */
	ioremap(physical: number, bytes: number, caller: string): VirtualAddress {
		const { context, table } = this.#parts;
		const last = physical + bytes - 1;
		if (bytes === 0 || last >= this.#maxPhysical) return virtual(0);
		const { rules, says } = this.vmalloc;
		if (rules.hasIsaShortcut && isIsaRange(physical, last)) return this.conversion.physToVirt(physical);
		const offset = physical % PAGE_SIZE;
		const base = physical - offset;
		const size = alignUp(offset + bytes, PAGE_SIZE);
		if (this.#touchesRam(base, size)) {
			says.ioremapOfRam(physical, last);
			return virtual(0);
		}
		const area = this.vmalloc.map({
			bytes: size,
			align: rules.ioremapAlign(size),
			from: context.layout.vmallocStart,
			to: context.layout.vmallocEnd,
			kind: 'ioremap',
			caller,
			physical: base,
		});
		if (!area) return virtual(0);
		if (!table.makeTables(area.start, area.start + size)) {
			this.vmalloc.release(area);
			return virtual(0);
		}
		for (let at = 0; at < size; at += PAGE_SIZE) {
			table.set(area.start + at, (base + at) / PAGE_SIZE, PageKind.device);
		}
		context.events.record(IOREMAP, area.start, area.bytes, base / PAGE_SIZE);
		return virtual(area.start + offset);
	}

	iounmap(address: VirtualAddress): void {
		const { layout, machine } = this.#parts.context;
		const page = virtual(address - (address % PAGE_SIZE));
		if (machine.arch === 'arm') {
			this.vmalloc.vunmap(page);
			return;
		}
		// x86 takes everything in lowmem for an ISA address that was never mapped.
		if (page <= layout.highMemory) return;
		const area = this.vmalloc.areaAt(page);
		if (!area) {
			this.vmalloc.says.iounmapBadAddress(page);
			return;
		}
		// remove_vm_area() knows nothing of pages: those of a vmalloc area leak.
		area.ownPages = null;
		this.vmalloc.release(area);
	}

	#touchesRam(base: number, size: number): boolean {
		const first = base / PAGE_SIZE;
		const end = (base + size) / PAGE_SIZE;
		return this.#parts.context.layout.ramPages.some(range => first < range.endPfn && end > range.startPfn);
	}
}
