import { type VirtualAddress, virtual } from '../../machine/address.ts';
import type { SlabCacheView, SlabView } from '../memory-view.ts';
import type { SlabAllocator } from './slab-allocator.ts';

/** The slab allocator's state, read only. */
export class SlabViewer implements SlabView {
	constructor(readonly slab: SlabAllocator) {}

	get caches(): readonly SlabCacheView[] {
		return this.slab.caches.map(({ name, objectBytes, order, objectsPerSlab, slabs }) => ({
			name,
			objectBytes,
			order,
			objectsPerSlab,
			slabs: slabs.size,
			activeObjects: [...slabs.values()].reduce((sum, one) => sum + one.liveObjects, 0),
		}));
	}

	objectAt(address: VirtualAddress): { cache: string; start: VirtualAddress; isFree: boolean } | null {
		const found = this.slab.find(address);
		if (!found) return null;
		const { cache, slab } = found;
		const index = Math.floor((address - slab.address) / slab.objectBytes);
		if (index < 0 || index >= slab.objects) return null;
		return {
			cache: cache.name,
			start: virtual(slab.address + index * slab.objectBytes),
			isFree: slab.isLive[index] === 0,
		};
	}
}
