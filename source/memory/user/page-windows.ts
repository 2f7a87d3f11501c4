import { PAGE_SIZE, type Pfn } from '../../machine/address.ts';
import type { AddressConversion } from '../address-conversion.ts';
import type { KmapAtomic } from '../highmem/kmap-atomic.ts';
import type { MemoryAccess } from '../memory-access.ts';
import type { PageBytes } from '../pages/page-bytes.ts';

/** KM_USER0 and KM_USER1 of the kernels to 2.6.36 (asm/kmap_types.h). */
const KM_USER0 = 3;
const KM_USER1 = 4;

/** How the kernel reaches pages of processes: a window of kmap_atomic for a highmem page, lowmem as it is. */
export class PageWindows {
	constructor(
		readonly atomic: KmapAtomic,
		readonly conversion: AddressConversion,
		readonly access: MemoryAccess,
		readonly bytes: PageBytes,
		readonly isHighmem: (pfn: number) => boolean,
	) {}

	/** clear_user_highpage: one window. */
	clear(pfn: Pfn): void {
		const window = this.#open(pfn, KM_USER0);
		this.access.touch(window, true);
		this.bytes.clearPages(pfn, 1);
		this.atomic.unmap(window, KM_USER0);
	}

	/** copy_user_highpage: two windows at once, closed in reverse order. */
	copy(from: Pfn, to: Pfn): void {
		const source = this.#open(from, KM_USER0);
		const target = this.#open(to, KM_USER1);
		this.access.touch(source, false);
		this.access.touch(target, true);
		this.bytes.page(to).set(this.bytes.copy(from * PAGE_SIZE, PAGE_SIZE));
		this.atomic.unmap(target, KM_USER1);
		this.atomic.unmap(source, KM_USER0);
	}

	#open(pfn: Pfn, type: number): number {
		if (this.isHighmem(pfn)) return this.atomic.map(pfn, type);
		this.atomic.mapLowmem();
		return this.conversion.physToVirt(pfn * PAGE_SIZE);
	}
}
