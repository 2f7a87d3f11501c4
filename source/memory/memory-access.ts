import { hex, PAGE_SIZE, type VirtualAddress, virtual } from '../machine/address.ts';
import { asPhrase, type PlainPhrase, phrase } from '../phrases/phrase.ts';
import type { KernelContext } from './context.ts';
import { eventCode } from './event-log.ts';
import type { Fixmap } from './highmem/fixmap.ts';
import type { KernelWords } from './kernel-words.ts';
import type { Translation } from './memory-view.ts';
import type { PageBytes } from './pages/page-bytes.ts';
import type { KernelPageTable } from './paging/kernel-page-table.ts';

const WRITE = eventCode('write');
const WORD_BYTES = 4;

/** Most accesses: no more than a word, all in one page. They need no list of places. */
const isInOneWord = (address: number, count: number): boolean =>
	count <= WORD_BYTES && (address % PAGE_SIZE) + count <= PAGE_SIZE;
const PROTECTED: PlainPhrase = 'the kernel protects its code and constants from being written';

/** Loads and stores of kernel code: through the kernel's mappings, little endian, byte by byte across pages. */
export class MemoryAccess {
	constructor(
		readonly context: KernelContext,
		readonly table: KernelPageTable,
		readonly bytes: PageBytes,
		readonly fixmap: Fixmap,
		readonly words: KernelWords,
	) {}

	/** What a page fault at an address of the current process does. @returns whether the access may be tried again. */
	userFault: (address: number, isWrite: boolean) => boolean = () => false;

	/** Access an address without looking at what is there. */
	touch(address: number, isWrite: boolean): void {
		this.#physical(virtual(address), isWrite);
	}

	read(address: VirtualAddress, count: number): bigint {
		if (isInOneWord(address, count)) return BigInt(this.bytes.number(this.#physical(address, false), count));
		const places = this.#places(address, count, false);
		let value = 0n;
		for (let at = count - 1; at >= 0; at--) value = (value << 8n) | BigInt(this.bytes.byte(places[at] ?? 0));
		return value;
	}

	write(address: VirtualAddress, count: number, value: bigint): void {
		const places = isInOneWord(address, count)
			? this.#writeWord(address, count, value)
			: this.#writeBytes(address, count, value);
		this.table.noticeWrite(places);
		this.context.revisions.bytes++;
		this.context.events.record(WRITE, address, count, Math.floor((places[0] ?? 0) / PAGE_SIZE));
	}

	/** @returns the physical address that was written. */
	#writeWord(address: VirtualAddress, count: number, value: bigint): readonly number[] {
		const place = this.#physical(address, true);
		this.bytes.setNumber(place, count, Number(BigInt.asUintN(count * 8, value)));
		return [place];
	}

	/** @returns the physical address of each byte. */
	#writeBytes(address: VirtualAddress, count: number, value: bigint): readonly number[] {
		const places = this.#places(address, count, true);
		let rest = BigInt.asUintN(count * 8, value);
		for (const place of places) {
			this.bytes.setByte(place, Number(rest & 0xffn));
			rest >>= 8n;
		}
		return places;
	}

	/** Write what a loader or compiler puts there before anything is protected. */
	place(address: VirtualAddress, count: number, value: bigint): void {
		let rest = BigInt.asUintN(count * 8, value);
		for (let at = 0; at < count; at++) {
			const found = this.table.translate(virtual(address + at));
			if (found) this.bytes.setByte(found.physical, Number(rest & 0xffn));
			rest >>= 8n;
		}
		this.context.revisions.bytes++;
	}

	/** Fetch an instruction from an address. */
	fetch(address: VirtualAddress): void {
		const place = this.table.translate(address);
		if (!place) this.#fault(address, false, false, true);
		// ARM maps only modules and the kernel's own text executable.
		const { arch } = this.context.machine;
		if (arch === 'arm' && place.via !== 'modules' && !this.#isKernelText(address))
			this.#refuseExecution(address, place);
	}

	#isKernelText(address: VirtualAddress): boolean {
		const { text, init } = this.context.machine.sections;
		return [text, init].some(([start, end]) => address >= start && address < end);
	}

	/** Lowmem is mapped by sections, everything else by pages. */
	#refuseExecution(address: VirtualAddress, { via, pfn }: Translation): never {
		const isSection = via === 'lowmem';
		const physical = pfn * PAGE_SIZE;
		const access = {
			address,
			isWrite: false,
			isExecute: true,
			isPresent: true,
			hasTable: !isSection,
			isFixmap: false,
			entries: isSection
				? { directory: Math.floor(physical / 0x200000) * 0x200000 + 0x1141e }
				: { directory: 0x811, entry: physical + 0x65f, hardware: physical + 0x45f },
		};
		this.words.pageFault(access, 'a call of an address where no function lies');
	}

	/** Physical address of each byte; all are looked up, in this CPU's TLB or the tables, before any is touched. */
	#places(address: VirtualAddress, count: number, isWrite: boolean): number[] {
		const places: number[] = [];
		let page = 0;
		for (let at = 0; at < count; at++) {
			const here = virtual(address + at);
			const offset = here % PAGE_SIZE;
			if (at === 0 || offset === 0) page = this.#physical(here, isWrite) - offset;
			places.push(page + offset);
		}
		return places;
	}

	#physical(address: VirtualAddress, isWrite: boolean): number {
		const kind = { isWrite, isUser: false };
		let found = this.table.mmu.access(address, kind);
		if (typeof found !== 'number' && this.userFault(address, isWrite)) found = this.table.mmu.access(address, kind);
		return typeof found === 'number' ? found : this.#fault(address, isWrite, found === 'protected');
	}

	#fault(address: VirtualAddress, isWrite: boolean, isPresent: boolean, isExecute = false): never {
		const access = {
			isExecute,
			isPresent,
			address,
			isWrite,
			hasTable: this.table.hasTable(address),
			isFixmap: this.fixmap.contains(address),
		};
		this.words.pageFault(
			access,
			phrase(isWrite ? 'write to {address}: {why}' : 'read of {address}: {why}', {
				address: hex(address),
				why: asPhrase(isPresent ? PROTECTED : this.#why(address)),
			}),
		);
	}

	#why(address: VirtualAddress): PlainPhrase {
		const { layout } = this.context;
		const region = layout.regions.find(candidate => address >= candidate.start && address < candidate.end);
		if (address < PAGE_SIZE) return 'a null pointer';
		switch (region?.name) {
			case 'user':
				return 'a user address, and no process is mapped there';
			case 'gap':
				return 'the hole between lowmem and vmalloc, which is left empty to catch such accesses';
			case 'pkmap':
				return 'a pkmap slot that holds no page';
			case 'fixmap':
				return 'a fixmap slot that holds no page';
			case 'vmalloc':
			case 'modules':
				return 'no area is mapped there: a guard page, or freed, or never allocated';
			default:
				return 'nothing is mapped there';
		}
	}
}
