import { virtual } from '../../../../source/machine/address.ts';
import type { Program } from '../program.ts';
import type { Step } from '../step.ts';

const SIZES = [1, 2, 4, 4, 8];

/** Load from an address and compare every byte of which it is known what was stored there. */
export const readAt = ({ twin }: Program, address: number, size: number): void => {
	const { kernel, model } = twin;
	twin.do(
		`read(0x${address.toString(16)}, ${size})`,
		() => kernel.read(virtual(address), size),
		got => {
			const places = model.places(address, size, false);
			let value = 0n;
			for (const [at, place] of places.entries()) {
				const shift = BigInt(8 * at);
				const known = model.bytes.read(place);
				value |= known === undefined ? (got ?? 0n) & (0xffn << shift) : BigInt(known) << shift;
			}
			return value;
		},
	);
};

export const writeAt = ({ twin }: Program, address: number, size: number, value: number): void => {
	const { kernel, model } = twin;
	const bytes = BigInt.asUintN(size * 8, BigInt(value) * 0x100000001n);
	twin.do(
		`write(0x${address.toString(16)}, ${size}, 0x${bytes.toString(16)})`,
		() => {
			kernel.write(virtual(address), size, bytes);
			return undefined;
		},
		() => {
			const places = model.places(address, size, true);
			for (const [at, place] of places.entries()) model.bytes.write(place, Number((bytes >> BigInt(8 * at)) & 0xffn));
			return undefined;
		},
	);
};

/** Whether the program may write there at all: through a stale mapping it could reach the kernel's page tables. */
const isHarmless = ({ twin, objects }: Program, address: number, size: number): boolean => {
	const { model } = twin;
	const { id, here } = model.cpus;
	return [address, address + size - 1].every(at => {
		const place = model.mmu.peek(id, here.space, at);
		if (place === undefined) return true;
		const pfn = Math.floor(place / 4096);
		if (!model.pages.isSlab(pfn)) return isOwn(model, pfn);
		// Free objects hold the allocator's list.
		const linear = place - model.layout.physOffset + model.layout.pageOffset;
		return objects.some(object => linear >= object.address && linear < object.address + object.bytes);
	});
};

const isOwn = ({ pages, tables, users, layout }: Program['twin']['model'], pfn: number): boolean => {
	if (tables.has(pfn) || pfn === users.zeroPage) return false;
	return pages.holder(pfn) !== undefined && layout.ramPages.some(range => pfn >= range.startPfn && pfn < range.endPfn);
};

const someAddress = (program: Program, { a, b }: Step): number | undefined => {
	const address = program.pick(program.addresses, a);
	if (address === undefined) return undefined;
	const { kernel, model } = program.twin;
	const { id, here } = model.cpus;
	const at = (address - (address % 4096) + (b % 4)) % 2 ** 32;
	const place = b % 3 === 0 ? (at + ((b >>> 4) % 4090)) % 2 ** 32 : address;
	// What faults kills the task; that is done on purpose, and seldom.
	const isThere = [place, place + 7].every(one => model.mmu.peek(id, here.space, one) !== undefined);
	return isThere && place < 2 ** 32 - 8 && kernel ? place : undefined;
};

export const read = (program: Program, step: Step): void => {
	const address = someAddress(program, step);
	if (address !== undefined) readAt(program, address, program.pick(SIZES, step.c) ?? 4);
};

export const write = (program: Program, step: Step): void => {
	const size = program.pick(SIZES, step.c) ?? 4;
	const address = someAddress(program, step);
	if (address !== undefined && isHarmless(program, address, size)) writeAt(program, address, size, step.c);
};

/** Touch an address that may be mapped no more, a guard page, a null pointer. */
export const readWrong = (program: Program, { a, c }: Step): void => {
	const address = c % 4 === 0 ? c % 4096 : program.pick(program.addresses, a);
	const { model } = program.twin;
	if (address === undefined || program.interruptUndo) return;
	const { pageOffset, highMemory, pkmap, vmallocStart, vmallocEnd } = model.layout;
	// Elsewhere the kernel has mappings of its own that are not followed here.
	const isFollowed =
		address < 4096 ||
		(address >= pageOffset && address < highMemory) ||
		(address >= vmallocStart && address + 4 < vmallocEnd) ||
		(pkmap && address >= pkmap.base && address + 4 < pkmap.base + pkmap.slots * 4096);
	if (isFollowed) readAt(program, address, 4);
};
