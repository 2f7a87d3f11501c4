import { alignUp } from '../../../machine/address.ts';
import { atLeast } from '../../../machine/kernel-version.ts';
import type { Machine } from '../../../machine/machine.ts';
import type { SlabDebugFlags } from './debug-flags.ts';
import { slabDebugRules } from './debug-rules.ts';

const WORD_BYTES = 4;
/** TRACK_ADDRS_COUNT: functions that a track keeps where there is no depot of stacks. */
const TRACK_FUNCTIONS = 16;

/**
 * Where in a slab's share for one object everything lies, as offsets from the object
 * (mm/slub.c: calculate_sizes):
 *
 *     left zone | object | right zone | link | alloc track | free track | size asked for | padding
 */
export interface ObjectFrame {
	/** Bytes before the object. */
	readonly leftZone: number;
	/** s->object_size */
	readonly objectBytes: number;
	/** s->inuse: where the right red zone ends. */
	readonly inUse: number;
	/** s->offset: where the link to the next free object lies. */
	readonly link: number;
	/** The first of two tracks, absent without. */
	readonly tracks?: number;
	readonly trackBytes: number;
	/** The size that was asked for, absent where none is kept. */
	readonly askedSize?: number;
	readonly padding: number;
	/** s->size: from one object to the next. */
	readonly stride: number;
}

/** What a cache's maker asked for. */
export interface ObjectShape {
	readonly bytes: number;
	readonly alignment: number;
	readonly hasConstructor: boolean;
	/** Its objects are given out by kmalloc. */
	readonly isKmalloc: boolean;
}

/** struct track in bytes: who, the stack or its handle, cpu, pid, when. */
const trackBytes = (machine: Machine): number => {
	if (slabDebugRules(machine).hasDepot) return 5 * WORD_BYTES;
	const hasStack = machine.debug.stackTrace !== false && atLeast(machine.kernel, '3.0');
	return (4 + (hasStack ? TRACK_FUNCTIONS : 0)) * WORD_BYTES;
};

/** @param plainLink Where the link lies when nothing forbids it to lie within the object. */
export const objectFrame = (
	machine: Machine,
	flags: SlabDebugFlags,
	{ bytes, alignment, hasConstructor, isKmalloc }: ObjectShape,
	plainLink: number,
): ObjectFrame => {
	const rules = slabDebugRules(machine);
	const { hasRedZones, isPoisoned, hasTracks } = flags;
	const aligned = alignUp(bytes, WORD_BYTES);
	const inUse = hasRedZones && aligned === bytes ? aligned + WORD_BYTES : aligned;
	const isApart = isPoisoned || hasConstructor;
	const track = trackBytes(machine);
	let end = isApart ? inUse + WORD_BYTES : inUse;
	const tracks = hasTracks ? end : undefined;
	if (hasTracks) end += 2 * track;
	const askedSize = hasTracks && isKmalloc && rules.keepsSize ? end : undefined;
	if (askedSize !== undefined) end += WORD_BYTES;
	const leftZone = hasRedZones && rules.hasLeftZone ? alignUp(WORD_BYTES, alignment) : 0;
	return {
		leftZone,
		objectBytes: bytes,
		inUse,
		link: isApart ? inUse : plainLink,
		...(tracks === undefined ? {} : { tracks }),
		trackBytes: track,
		...(askedSize === undefined ? {} : { askedSize }),
		padding: end,
		stride: alignUp(end + (hasRedZones ? WORD_BYTES : 0) + leftZone, alignment),
	};
};
