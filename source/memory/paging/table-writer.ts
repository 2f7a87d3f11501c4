import { walkFormat } from '../../layout/explain/entry-value.ts';
import type { Layout } from '../../layout/layout.ts';
import { PAGE_SIZE } from '../../machine/address.ts';
import type { Machine } from '../../machine/machine.ts';
import type { PageBytes } from '../pages/page-bytes.ts';
import { type EntryBits, entryBits } from './entry-bits.ts';
import { type LeafShape, LeafTable, leafShape } from './leaf-table.ts';

/** Who made a table. ARM marks those of boot, of the running kernel and of processes differently. */
export type TableOwner = 'boot' | 'kernel' | 'process';

// ARM's table word: type, bit 4 (which only cores before ARMv6 want, but pgalloc.h sets it for all), domain.
const ARM_TABLE = 1;
const ARM_BIT4 = 0x10;
const ARM_DOMAIN_USER = 0x20;
const ARM_DOMAIN_IO = 0x60;
/** The fixmap and the vectors lie from here on. */
const FIXMAP_START = 0xffc00000;
const LPAE_TABLE = 3;
/** Present, writable, user, accessed, dirty: _PAGE_TABLE. */
const X86_TABLE = 0x67;
const X86_USER = 4;

/** Writes the entries above the last level, in the machine's format, into simulated memory. */
export class TableWriter {
	readonly shape: LeafShape;
	readonly bits: EntryBits;
	/** Address bits that a last-level table covers. */
	readonly leafShift: number;
	readonly #format: ReturnType<typeof walkFormat>;

	constructor(
		readonly machine: Machine,
		readonly layout: Layout,
		readonly bytes: PageBytes,
	) {
		this.#format = walkFormat(machine);
		this.shape = leafShape(machine);
		this.bits = entryBits(machine);
		this.leafShift = Math.log2(this.shape.entries * PAGE_SIZE);
	}

	/** Bytes of a section or large page: 1, 2 or 4 MiB. */
	get blockBytes(): number {
		return this.#format === 'arm' ? 2 ** 20 : 2 ** this.leafShift;
	}

	/** The page frames of a root table and of the middle tables under it. */
	rootFrames(root: number): number[] {
		const first = Math.floor(root / PAGE_SIZE);
		if (this.#format === 'x86') return [first];
		if (this.#format === 'arm') return [first, first + 1, first + 2, first + 3];
		const middles = [0, 1, 2, 3].map(gib => this.#middleAt(root, gib * 2 ** 30)).filter(table => table > 0);
		return [first, ...middles.map(table => table / PAGE_SIZE)];
	}

	/** A last-level table in the page `frame`, entered into the tables under `root` for the addresses around `address`. */
	link(root: number, address: number, frame: number, owner: TableOwner): LeafTable {
		const physical = frame * PAGE_SIZE;
		const at = this.#entryAt(root, address);
		if (this.#format === 'arm') {
			const hardware = physical + this.shape.hardware * 4;
			const flags = this.#armFlags(owner, address);
			this.bytes.setWord(at, hardware | flags);
			this.bytes.setWord(at + 4, (hardware + PAGE_SIZE / 4) | flags);
		} else this.#set(at, physical, this.#format === 'lpae' ? LPAE_TABLE : X86_TABLE);
		return this.leaf(frame);
	}

	/** Whether last-level tables for an address can be entered: always, where there are no middle tables. */
	hasMiddle(root: number, address: number): boolean {
		return this.shape.words === 1 || this.#middleAt(root, address) !== 0;
	}

	/** Order of the pages that a process's root table takes: 16 kB on ARM. */
	get rootOrder(): number {
		return this.#format === 'arm' ? 2 : 0;
	}

	/** pgd_alloc: a new root has the kernel's entries from `start` on, so that all processes see the kernel. */
	copyKernelPart(from: number, to: number, start: number): void {
		const shift = this.#format === 'arm' ? 20 : this.#format === 'x86' ? 22 : 30;
		const words = this.shape.words;
		// With middle tables the gigabyte that processes share with the kernel's modules stays a process's own.
		const first = Math.ceil(start / 2 ** shift) * words;
		const count = 2 ** (32 - shift) * words;
		for (let word = first; word < count; word++) this.bytes.setWord(to + word * 4, this.bytes.word(from + word * 4));
	}

	/** Map a whole section, block or large page by one entry. */
	block(root: number, address: number, value: bigint): void {
		const half = this.#format === 'arm' ? ((address >>> 20) & 1) * 4 : 0;
		const at = this.#entryAt(root, address) + half;
		this.bytes.setWord(at, Number(value & 0xffff_ffffn));
		if (this.shape.words === 2) this.bytes.setWord(at + 4, Number(value >> 32n));
	}

	/** The table for an address gets an entry without the right of user mode (_KERNPG_TABLE on x86). */
	keepFromUser(root: number, address: number): void {
		const at = this.#entryAt(root, address);
		this.bytes.setWord(at, this.bytes.word(at) & ~X86_USER);
	}

	/** Enter a table of middle entries (LPAE, PAE) into the root. */
	middle(root: number, address: number, physical: number): void {
		this.#set(root + (address >>> 30) * 8, physical, this.#format === 'lpae' ? LPAE_TABLE : 1);
	}

	/** A page of simulated memory seen as a last-level table. */
	leaf(frame: number): LeafTable {
		const page = this.bytes.page(frame);
		return new LeafTable(new Int32Array(page.buffer, page.byteOffset, PAGE_SIZE / 4), this.shape, this.bits);
	}

	/** Physical address of the entry above the last level. */
	#entryAt(root: number, address: number): number {
		switch (this.#format) {
			case 'arm':
				return root + (address >>> 21) * 8;
			case 'x86':
				return root + (address >>> 22) * 4;
			default:
				return this.#middleAt(root, address) + ((address >>> 21) & 511) * 8;
		}
	}

	/** Where the middle table for an address lies, 0 when there is none. */
	#middleAt(root: number, address: number): number {
		const at = root + (address >>> 30) * 8;
		return ((this.bytes.word(at) & ~0xfff) >>> 0) + (this.bytes.word(at + 4) & 0xff) * 2 ** 32;
	}

	#armFlags(owner: TableOwner, address: number): number {
		if (owner === 'process') return ARM_TABLE | ARM_BIT4 | ARM_DOMAIN_USER;
		// create_mapping() makes the fixmap's table at boot with MT_DEVICE's first-level bits; all others are _PAGE_KERNEL_TABLE.
		if (owner === 'kernel' || address < FIXMAP_START) return ARM_TABLE | ARM_BIT4;
		const isOld = this.machine.arch === 'arm' && this.machine.armVersion < 6;
		return ARM_TABLE | ARM_DOMAIN_IO | (isOld ? ARM_BIT4 : 0);
	}

	#set(at: number, physical: number, flags: number): void {
		this.bytes.setWord(at, (physical % 2 ** 32) + flags);
		if (this.shape.words === 2) this.bytes.setWord(at + 4, Math.floor(physical / 2 ** 32));
	}
}
