import type { KernelContext } from '../../context.ts';
import { jiffiesAt } from '../../jiffies.ts';
import type { KernelWords } from '../../kernel-words.ts';
import { withSystemCall } from '../../oops/call-trace.ts';
import { addressIn, type CodeFrame, kernelFrame } from '../../oops/code-frame.ts';
import type { FreePointers } from '../free-pointers.ts';
import type { Slab } from '../slab.ts';
import type { SlabDebugFlags } from './debug-flags.ts';
import type { SlabDebugRules } from './debug-rules.ts';
import type { ObjectFrame } from './object-frame.ts';
import { type ReportedObject, SlabReport, type Track } from './slab-report.ts';

/** Red zones of an object that is free, and of one that is in use (linux/poison.h). */
const SLUB_RED_INACTIVE = 0xbb;
const SLUB_RED_ACTIVE = 0xcc;
/** Memory of a slab that is no object's, what is free, and the last byte of that. */
const POISON_INUSE = 0x5a;
const POISON_FREE = 0x6b;
const POISON_END = 0xa5;

const WORD_BYTES = 4;

export type ObjectUse = 'active' | 'inactive';

const redOf = (use: ObjectUse): number => (use === 'active' ? SLUB_RED_ACTIVE : SLUB_RED_INACTIVE);

/**
 * The bytes that slub_debug keeps within and around the objects of one cache, and what it makes of them when somebody
 * wrote over them (mm/slub.c: init_object, set_track, check_object). They lie in simulated memory.
 */
export class ObjectChecks {
	readonly report: SlabReport;
	/** Stacks of the tracks by the address of the track: a depot that only grows. */
	readonly stacks = new Map<number, readonly CodeFrame[]>();

	constructor(
		readonly context: KernelContext,
		readonly words: KernelWords,
		readonly links: FreePointers,
		readonly cache: { readonly name: string; readonly isFilled: boolean },
		readonly flags: SlabDebugFlags,
		readonly rules: SlabDebugRules,
		readonly frame: ObjectFrame,
	) {
		this.report = new SlabReport(context, words, cache.name, rules, frame, (address, count) =>
			this.#read(address, count),
		);
	}

	/** setup_slab: the pages of a new slab, before it has objects. @param bytes All that they have. */
	fillPages(slab: Slab, bytes: number): void {
		if (this.flags.isPoisoned) this.#fill(slab.address - this.frame.leftZone, POISON_INUSE, bytes);
		for (let index = 0; index < slab.objects; index++) {
			const object = slab.address + index * slab.objectBytes;
			this.markObject(object, 'inactive');
			const { tracks, trackBytes } = this.frame;
			if (tracks !== undefined) this.#fill(object + tracks, 0, 2 * trackBytes);
		}
	}

	/** init_object. @param askedBytes What kmalloc was asked for, where the kernel keeps it. */
	markObject(object: number, use: ObjectUse, askedBytes = this.frame.objectBytes): void {
		const { frame, flags, rules } = this;
		if (frame.askedSize !== undefined) this.#setWord(object + frame.askedSize, askedBytes);
		const end = use === 'active' && rules.zonesRest && frame.askedSize !== undefined ? askedBytes : frame.objectBytes;
		if (flags.isPoisoned && this.cache.isFilled && end > 0) {
			this.#fill(object, POISON_FREE, end - 1);
			this.#fill(object + end - 1, POISON_END, 1);
		}
		if (!flags.hasRedZones) return;
		this.#fill(object - frame.leftZone, redOf(use), frame.leftZone);
		this.#fill(object + end, redOf(use), frame.inUse - end);
	}

	/** set_track: who allocates or frees now. */
	track(object: number, what: 'allocated' | 'freed'): void {
		const at = this.#trackAt(object, what);
		if (at === undefined) return;
		const { cpu, task, timeNs, callers } = this.context;
		const running = callers();
		const stack = running.length > 0 ? running : [kernelFrame(what === 'allocated' ? 'kmalloc' : 'kfree')];
		this.#setWord(at, this.#addressOf(stack[0]));
		const behind = at + this.frame.trackBytes - 3 * WORD_BYTES;
		for (const [index, value] of [cpu.id, task.pid, jiffiesAt(timeNs)].entries())
			this.#setWord(behind + index * WORD_BYTES, value);
		this.stacks.set(at, withSystemCall(stack, task.comm === 'insmod'));
	}

	/** check_object. @returns whether nothing was wrong; what was wrong is reported and mended. */
	isSound(slab: Slab, object: number, use: ObjectUse, isFreeing: boolean): boolean {
		const { frame, flags, rules } = this;
		const { objectBytes, inUse, leftZone } = frame;
		const right = rules.namesZones ? 'Right Redzone' : 'Redzone';
		const zones: [name: string, at: number, count: number, value: number][] = [];
		if (flags.hasRedZones) {
			zones.push([rules.namesZones ? 'Left Redzone' : 'Redzone', -leftZone, leftZone, redOf(use)]);
			zones.push([right, objectBytes, inUse - objectBytes, redOf(use)]);
			const asked = frame.askedSize === undefined ? objectBytes : this.#word(object + frame.askedSize);
			if (rules.zonesRest && use === 'active' && asked < objectBytes)
				zones.push(['kmalloc Redzone', asked, objectBytes - asked, SLUB_RED_ACTIVE]);
		} else if (flags.isPoisoned) zones.push(['Alignment padding', objectBytes, inUse - objectBytes, POISON_INUSE]);
		if (flags.isPoisoned) {
			if (use === 'inactive' && this.cache.isFilled) {
				zones.push(['Poison', 0, objectBytes - 1, POISON_FREE], ['Poison', objectBytes - 1, 1, POISON_END]);
			}
			zones.push(['Object padding', frame.padding, frame.stride - leftZone - frame.padding, POISON_INUSE]);
		}
		let isSound = true;
		for (const [name, at, count, value] of zones) {
			if (this.#isIntact(slab, object, name, [object + at, count, value], isFreeing, isSound)) continue;
			isSound = false;
			// Later kernels look at the rest of the object, too.
			if (!rules.warns && name !== 'Object padding') return false;
		}
		const canCheckLink = frame.link >= inUse || use === 'inactive';
		if (!canCheckLink || this.isObject(slab, this.nextOf(object))) return isSound;
		this.report.object(this.reported(slab, object, isFreeing), 'Freepointer corrupt', 'check_object');
		this.setNext(object, 0);
		return false;
	}

	/** check_valid_pointer: no object at all, or one of that slab. */
	isObject(slab: Slab, address: number): boolean {
		if (address === 0) return true;
		const offset = address - slab.address;
		return offset >= 0 && offset < slab.objects * slab.objectBytes && offset % slab.objectBytes === 0;
	}

	/** get_freepointer */
	nextOf(object: number): number {
		return this.links.read(object, this.frame.link);
	}

	/** set_freepointer */
	setNext(object: number, next: number): void {
		this.links.write(object, this.frame.link, next);
	}

	/** What a report tells of an object. */
	reported(slab: Slab, address: number, isFreeing: boolean): ReportedObject {
		const tracks = { allocated: this.#trackOf(address, 'allocated'), freed: this.#trackOf(address, 'freed') };
		const free = slab.ownFree < 0 ? 0 : slab.address + slab.ownFree;
		return { slab, address, next: this.nextOf(address), tracks, free, isFreeing };
	}

	/** check_bytes_and_report */
	#isIntact(
		slab: Slab,
		object: number,
		name: string,
		[start, count, expected]: readonly [number, number, number],
		isFreeing: boolean,
		isFirst: boolean,
	): boolean {
		const bytes = this.#read(start, count);
		const first = bytes.findIndex(byte => byte !== expected);
		if (first < 0) return true;
		const last = bytes.findLastIndex(byte => byte !== expected);
		const range = { first: start + first, last: start + last, found: bytes[first] ?? 0, expected };
		this.report.bytes(this.reported(slab, object, isFreeing), name, range, isFirst);
		this.#fill(range.first, expected, last - first + 1);
		return false;
	}

	#trackAt(object: number, what: 'allocated' | 'freed'): number | undefined {
		const { tracks, trackBytes } = this.frame;
		return tracks === undefined ? undefined : object + tracks + (what === 'freed' ? trackBytes : 0);
	}

	#trackOf(object: number, what: 'allocated' | 'freed'): Track | undefined {
		const at = this.#trackAt(object, what);
		if (at === undefined) return undefined;
		const caller = this.#word(at);
		const behind = at + this.frame.trackBytes - 3 * WORD_BYTES;
		const known = this.stacks.get(at) ?? [];
		const isKnown = this.#addressOf(known[0]) === caller;
		return {
			caller,
			cpu: this.#word(behind),
			pid: this.#word(behind + WORD_BYTES),
			when: this.#word(behind + 2 * WORD_BYTES),
			stack: isKnown ? known : [],
		};
	}

	/** Code that was never loaded anywhere has no address: it counts as the kernel's own. */
	#addressOf(frame: CodeFrame | undefined): number {
		const [start] = this.context.machine.sections.text;
		return frame === undefined || addressIn(frame) === 0 ? start : addressIn(frame);
	}

	#read(address: number, count: number): Uint8Array {
		const { bytes, physical } = this.links.memory;
		return bytes.copy(physical(address) ?? 0, count);
	}

	#word(address: number): number {
		const { bytes, physical } = this.links.memory;
		return bytes.word(physical(address) ?? 0);
	}

	#setWord(address: number, value: number): void {
		const { bytes, physical } = this.links.memory;
		bytes.setWord(physical(address) ?? 0, value);
	}

	#fill(address: number, value: number, count: number): void {
		const { bytes, physical } = this.links.memory;
		const start = physical(address) ?? 0;
		for (let at = 0; at < count; at++) bytes.setByte(start + at, value);
		this.context.revisions.bytes++;
	}
}
