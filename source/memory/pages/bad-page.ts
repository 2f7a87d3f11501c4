import { atLeast } from '../../machine/kernel-version.ts';
import type { Recorder } from '../checkpoint.ts';
import type { KernelContext } from '../context.ts';
import type { KernelWords } from '../kernel-words.ts';
import { pageDump } from '../oops/page-dump.ts';
import { FrameState, type PageFrames } from './page-frames.ts';

/** What bad_page found wrong. */
export type BadPageReason = 'count' | 'mapcount' | 'flags';

/**
 * Pages whose reference count went below 0: one free too many. The kernel notices only later, when such a page changes
 * hands (mm/page_alloc.c: check_new_page, free_pages_check); it then reports the page and never uses it again.
 */
export class BadPages {
	readonly #pfns = new Set<number>();
	#frames: PageFrames | undefined;

	/** @param words Who words the kernel's reports. */
	constructor(
		readonly context: KernelContext,
		readonly words: () => KernelWords,
	) {}

	keep(recorder: Recorder): void {
		recorder.walk(this.#pfns);
	}

	watch(frames: PageFrames): void {
		this.#frames = frames;
	}

	add(pfn: number): void {
		this.#pfns.add(pfn);
	}

	/** The page was handed out all the same, with a new count. */
	forget(pfn: number): void {
		if (this.#pfns.size > 0) this.#pfns.delete(pfn);
	}

	/** Whether every count in the block is 0. If not, the bad pages are reported and the whole block is lost. */
	readonly isSound = (pfn: number, order: number): boolean => {
		if (this.#pfns.size === 0) return true;
		let isSound = true;
		for (const bad of [...this.#pfns]) {
			if (bad < pfn || bad >= pfn + (1 << order)) continue;
			this.report(bad, this.#frames?.count[this.#frames.index(bad)] ?? -1, 'count');
			this.#pfns.delete(bad);
			isSound = false;
		}
		if (!isSound && this.#frames) {
			this.#frames.touch(pfn);
			const at = this.#frames.index(pfn);
			this.#frames.state[at] = FrameState.allocated;
			this.#frames.order[at] = order;
		}
		return isSound;
	};

	/** put_page_testzero with DEBUG_VM: the count was 0 before. */
	refuse(pfn: number): never {
		const why = 'VM_BUG_ON_PAGE(page_ref_count(page) == 0)';
		const page = { pfn, count: 0, isReserved: false };
		for (const line of pageDump(this.context, page, why)) this.context.printk(line, 1);
		return this.words().bug(
			'include/linux/mm.h:519',
			'a page was given back that is free already',
			'put_page_testzero',
		);
	}

	/** bad_page: the kernel's words; it goes on. */
	report(pfn: number, count: number, reason: BadPageReason): void {
		const { context } = this;
		const words = this.words();
		const countName = atLeast(context.machine.kernel, '4.7') ? '_refcount' : '_count';
		const why = {
			count: `nonzero ${countName}`,
			mapcount: 'nonzero mapcount',
			flags: 'PAGE_FLAGS_CHECK_AT_FREE flag(s) set',
		}[reason];
		context.printk(`BUG: Bad page state in process ${context.task.comm}  pfn:${pfn.toString(16).padStart(5, '0')}`, 1);
		for (const line of pageDump(context, { pfn, count, isReserved: reason === 'flags' }, why)) context.printk(line, 1);
		context.printk(words.head.modulesLine, 4);
		words.dumpStack();
		words.head.taints.add('B');
	}
}
