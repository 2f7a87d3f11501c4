import { type Pfn, type PhysicalAddress, physical, pfn as toPfn, virtual } from '../../machine/address.ts';
import type { ProcessView, UserAreaView, UserPageView } from '../memory-view.ts';
import type { PageAllocator } from '../pages/page-allocator.ts';
import type { PageWalker } from '../paging/page-walker.ts';
import type { UserSpace } from './user-space.ts';

/** What a viewer of processes reads. */
export interface ProcessSources {
	readonly walker: PageWalker;
	readonly pages: Pick<PageAllocator, 'pageCount'>;
	/** ZERO_PAGE. */
	readonly zeroFrame: number;
}

/** A simulated process's memory as panels see it. */
export class ProcessViewer implements ProcessView {
	constructor(
		readonly space: UserSpace,
		readonly sources: ProcessSources,
	) {}

	get pid(): number {
		return this.space.space;
	}

	get root(): PhysicalAddress {
		return physical(this.space.root);
	}

	get areas(): readonly UserAreaView[] {
		return this.space.areas.map(({ start, end }) => ({ start: virtual(start), end: virtual(end) }));
	}

	pages(): readonly UserPageView[] {
		return [...this.space.pages(() => false)].map(({ address, pfn }) => this.#page(address, toPfn(pfn)));
	}

	#page(address: number, pfn: Pfn): UserPageView {
		const { walker, pages, zeroFrame } = this.sources;
		const isZeroPage = pfn === zeroFrame;
		return {
			address: virtual(address),
			pfn,
			isWritable: walker.reach(this.space.root, address)?.meaning.isWritable ?? false,
			isZeroPage,
			users: isZeroPage ? 0 : pages.pageCount(pfn),
		};
	}
}
