import { atLeast } from '../../machine/kernel-version.ts';
import type { KernelContext } from '../context.ts';

/** What a report tells of a struct page. */
export interface DumpedPage {
	readonly pfn: number;
	readonly count: number;
	readonly isReserved: boolean;
}

const hexDigits = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');

/** What list_del leaves in a page's list links: LIST_POISON1 and LIST_POISON2 (linux/poison.h). */
const POISON = { first: 0x100, second: 0x122, oldSecond: 0x200 } as const;
const WORDS_A_LINE = 8;
/** What `_mapcount` holds when nobody maps the page. */
const UNMAPPED = 0xffffffff;

/** dump_page (mm/debug.c): the page, its flags, the words of its struct page, and why. */
export const pageDump = (context: KernelContext, page: DumpedPage, why: string): readonly string[] => {
	const { kernel, structPageBytes } = context.machine;
	const { pfn, count, isReserved } = page;
	const address = structPageOf(context, pfn);
	const zone = zoneNumber(context, pfn);
	const flags = ((zone << 30) | (isReserved ? reservedBit(context) : 0)) >>> 0;
	const names = [...(isReserved ? ['reserved'] : []), ...(atLeast(kernel, '5.18') ? [`zone=${zone}`] : [])];
	const lines = [headLine(context, page, address), `flags: 0x${flags.toString(16)}(${names.join('|')})`];
	if (atLeast(kernel, '4.15')) {
		const next = isReserved ? address + 4 : POISON.first;
		const previous = isReserved ? next : atLeast(kernel, '5.0') ? POISON.second : POISON.oldSecond;
		const words = [flags, next, previous, 0, 0, 0, UNMAPPED, count, 0, 0].slice(0, structPageBytes / 4).map(hexDigits);
		for (let at = 0; at < words.length; at += WORDS_A_LINE)
			lines.push(`raw: ${words.slice(at, at + WORDS_A_LINE).join(' ')}`);
	}
	if (atLeast(kernel, '3.15')) lines.push(`page dumped because: ${why}`);
	return lines;
};

/** Address of a page's struct page. */
export const structPageOf = ({ machine, layout }: KernelContext, pfn: number): number =>
	layout.memMap + (pfn - layout.memMapFirstPfn) * machine.structPageBytes;

/**
 * The flags of a slab's first page as reports of mm/slub.c print them: `0x0081`, from 5.14 on `0x200(slab|zone=0)`.
 * @param isLocked slab_lock() is held: so it was for kfree until 5.13.
 * @param isListed The slab is on its node's list of partly free ones: that is all that its flags tell from 6.10 on.
 */
export const slabPageFlags = (
	context: KernelContext,
	pfn: number,
	{ isLocked, isListed }: { readonly isLocked: boolean; readonly isListed: boolean },
): string => {
	const { kernel } = context.machine;
	const zone = zoneNumber(context, pfn);
	const zoneBits = zone * 2 ** 30;
	if (!atLeast(kernel, '5.14')) {
		const flags = zoneBits + (reservedBit(context) >> 3) + Number(isLocked);
		return `0x${flags.toString(16).padStart(4, '0')}`;
	}
	const isTyped = atLeast(kernel, '6.10');
	const name = isTyped ? (isListed ? 'workingset' : '') : 'slab';
	const flags = zoneBits + (name === '' ? 0 : 0x200);
	return `0x${flags.toString(16)}(${name === '' ? '' : `${name}|`}zone=${zone})`;
};

const headLine = ({ machine }: KernelContext, { pfn, count }: DumpedPage, address: number): string => {
	const { kernel } = machine;
	if (atLeast(kernel, '5.8')) {
		const page = atLeast(kernel, '6.9') ? ' ' : `${hexDigits(address)} `;
		return `page:${page}refcount:${count} mapcount:0 mapping:00000000 index:0x0 pfn:0x${pfn.toString(16)}`;
	}
	const noMapping = atLeast(kernel, '4.15') ? '00000000' : '  (null)';
	const counter = atLeast(kernel, '5.1') ? 'refcount' : 'count';
	return `page:${hexDigits(address)} ${counter}:${count} mapcount:0 mapping:${noMapping} index:0x0`;
};

/** Number of a page's zone among those that the kernel was built with; it stands in the two highest bits of its flags. */
const zoneNumber = ({ machine, layout }: KernelContext, pfn: number): number => {
	const hasDma = machine.arch === 'arm' ? machine.dmaZone !== undefined : machine.zoneDma;
	if (pfn >= layout.maxLowPfn) return hasDma ? 2 : 1;
	if (!hasDma) return 0;
	if (machine.arch === 'x86') return pfn < ISA_PAGES ? 0 : 1;
	const { dmaZone } = machine;
	return typeof dmaZone === 'number' && (pfn << 12) >>> 0 >= layout.physOffset + dmaZone ? 1 : 0;
};

/** 16 MB. */
const ISA_PAGES = 4096;

/** PG_reserved moves as flags are added before it (linux/page-flags.h). */
const reservedBit = ({ machine }: KernelContext): number => {
	if (atLeast(machine.kernel, '6.9')) return 0x2000;
	if (atLeast(machine.kernel, '4.20')) return 0x1000;
	return atLeast(machine.kernel, '4.10') ? 0x800 : 0x400;
};
