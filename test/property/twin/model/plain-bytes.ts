const PAGE = 4096;

/** Bytes of physical pages, as far as it is known what was written to them. What nobody touched is zero. */
export class PlainBytes {
	readonly #pages = new Map<number, Int16Array>();

	/** The byte, or undefined where something wrote that is not followed here (a page table). */
	read(physical: number): number | undefined {
		const byte = this.#pages.get(Math.floor(physical / PAGE))?.[physical % PAGE] ?? 0;
		return byte < 0 ? undefined : byte;
	}

	write(physical: number, value: number): void {
		this.#page(Math.floor(physical / PAGE))[physical % PAGE] = value;
	}

	/** Zero whole pages. */
	clear(pfn: number, count: number): void {
		for (let page = pfn; page < pfn + count; page++) this.#pages.delete(page);
	}

	clearBytes(physical: number, count: number): void {
		for (let at = physical; at < physical + count; at++) {
			if (this.#pages.has(Math.floor(at / PAGE))) this.write(at, 0);
		}
	}

	copy(from: number, to: number): void {
		const source = this.#pages.get(from);
		if (source) this.#pages.set(to, source.slice());
		else this.#pages.delete(to);
	}

	/** Nobody here knows what is in these pages from now on. */
	forget(pfn: number, count: number): void {
		for (let page = pfn; page < pfn + count; page++) this.#page(page).fill(-1);
	}

	/** The same for some bytes. */
	forgetBytes(physical: number, count: number): void {
		for (let at = physical; at < physical + count; at++) this.write(at, -1);
	}

	#page(pfn: number): Int16Array {
		let page = this.#pages.get(pfn);
		if (!page) {
			page = new Int16Array(PAGE);
			this.#pages.set(pfn, page);
		}
		return page;
	}
}
