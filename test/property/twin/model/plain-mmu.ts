const PAGE = 4096;
/** What a TLB of the simulation holds. */
const TLB_ENTRIES = 64;
/** x86 flushes everything when a range has more pages (arch/x86/mm/tlb.c). */
const X86_CEILING = 33;

export interface Translation {
	readonly start: number;
	readonly bytes: number;
	readonly physical: number;
	/** Whose address it is; 0 is the kernel. */
	readonly space: number;
	readonly isWritable: boolean;
	readonly isGlobal: boolean;
}

export interface UserEntry {
	readonly pfn: number;
	readonly isWritable: boolean;
}

/** What maps a kernel address in lowmem: how large the block is, by the tables made at boot. */
export type BootMapping = (address: number) => { readonly start: number; readonly bytes: number } | undefined;

export interface MmuFacts {
	readonly isX86: boolean;
	readonly cpus: number;
	/** TASK_SIZE. */
	readonly userEnd: number;
	readonly pageOffset: number;
	readonly highMemory: number;
	readonly physOffset: number;
	/** Kernel entries have no global bit. */
	readonly hasIsolation: boolean;
	readonly bootMapping: BootMapping;
}

/** Page tables as maps from page to frame, and for each CPU a list of what it remembers of them, the oldest first. */
export class PlainMmu {
	/** The kernel's own mappings outside lowmem, by page address. */
	readonly kernel = new Map<number, number>();
	readonly users = new Map<number, Map<number, UserEntry>>();
	readonly tlbs: Translation[][];
	readonly #facts: MmuFacts;

	constructor(facts: MmuFacts) {
		this.#facts = facts;
		this.tlbs = Array.from({ length: facts.cpus }, () => []);
	}

	setKernel(address: number, pfn: number): void {
		if (pfn < 0) this.kernel.delete(address);
		else this.kernel.set(address, pfn);
	}

	/** Where an access of a CPU goes: what it remembers, or what the tables say, which it then remembers. */
	access(cpu: number, userSpace: number, address: number, isWrite: boolean): number | 'unmapped' | 'protected' {
		const space = address < this.#facts.userEnd ? userSpace : 0;
		const known = this.#tlb(cpu).find(entry => entry.space === space && isWithin(entry, address));
		const entry = known ?? this.#walk(space, address);
		if (!entry) return 'unmapped';
		if (!known) this.#remember(cpu, entry);
		if (isWrite && !entry.isWritable) return 'protected';
		return entry.physical + (address - entry.start);
	}

	/** Where the tables lead, whatever the TLBs say. */
	pfnAt(space: number, address: number): number {
		const entry = this.#walk(space, address);
		return entry ? Math.floor((entry.physical + (address - entry.start)) / PAGE) : -1;
	}

	/** Where an access would go, without making it; undefined where it would fault. */
	peek(cpu: number, userSpace: number, address: number): number | undefined {
		const space = address < this.#facts.userEnd ? userSpace : 0;
		const known = this.#tlb(cpu).find(entry => entry.space === space && isWithin(entry, address));
		const entry = known ?? this.#walk(space, address);
		return entry && entry.physical + (address - entry.start);
	}

	/** flush_tlb_kernel_range. */
	flushRange(start: number, end: number): void {
		const isWhole = this.#facts.isX86 && (end - start) / PAGE > X86_CEILING;
		for (const cpu of this.tlbs.keys()) {
			this.#keep(cpu, entry => !isWhole && (entry.start >= end || entry.start + entry.bytes <= start));
		}
	}

	flushLocalPage(cpu: number, address: number): void {
		this.#keep(cpu, entry => entry.start >= address + PAGE || entry.start + entry.bytes <= address);
	}

	flushSpace(space: number): void {
		for (const cpu of this.tlbs.keys()) this.#keep(cpu, entry => entry.space !== space);
	}

	flushUserPage(address: number, space: number): void {
		for (const cpu of this.tlbs.keys()) this.#keep(cpu, entry => entry.space !== space || entry.start !== address);
	}

	/** cr3 was loaded: what is not global is forgotten. */
	flushNotGlobal(cpu: number): void {
		this.#keep(cpu, entry => entry.isGlobal);
	}

	flushAll(cpu: number): void {
		this.#keep(cpu, () => false);
	}

	#walk(space: number, address: number): Translation | undefined {
		const start = address - (address % PAGE);
		if (space !== 0) {
			const entry = this.users.get(space)?.get(start);
			return entry && page(start, entry.pfn, space, entry.isWritable, false);
		}
		const isGlobal = !this.#facts.hasIsolation;
		const pfn = this.kernel.get(start);
		if (pfn !== undefined) return page(start, pfn, 0, true, isGlobal);
		const { pageOffset, highMemory, physOffset } = this.#facts;
		if (address < pageOffset || address >= highMemory) return undefined;
		const block = this.#facts.bootMapping(address);
		if (!block) return undefined;
		return { ...block, physical: block.start - pageOffset + physOffset, space: 0, isWritable: true, isGlobal };
	}

	#remember(cpu: number, entry: Translation): void {
		const tlb = this.#tlb(cpu);
		tlb.push(entry);
		if (tlb.length > TLB_ENTRIES) tlb.shift();
	}

	#keep(cpu: number, stays: (entry: Translation) => boolean): void {
		const tlb = this.#tlb(cpu);
		if (tlb.length > 0) this.tlbs[cpu] = tlb.filter(stays);
	}

	#tlb(cpu: number): Translation[] {
		return this.tlbs[cpu] ?? [];
	}
}

const isWithin = ({ start, bytes }: Translation, address: number): boolean =>
	address >= start && address < start + bytes;

const page = (start: number, pfn: number, space: number, isWritable: boolean, isGlobal: boolean): Translation => ({
	start,
	bytes: PAGE,
	physical: pfn * PAGE,
	space,
	isWritable,
	isGlobal,
});
