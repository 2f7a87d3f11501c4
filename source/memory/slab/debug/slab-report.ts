import { PAGE_SIZE } from '../../../machine/address.ts';
import { atLeast } from '../../../machine/kernel-version.ts';
import type { KernelContext } from '../../context.ts';
import { jiffiesAt } from '../../jiffies.ts';
import type { KernelWords } from '../../kernel-words.ts';
import { type CodeFrame, symbolOf } from '../../oops/code-frame.ts';
import { taintText } from '../../oops/kernel-report.ts';
import { slabPageFlags, structPageOf } from '../../oops/page-dump.ts';
import { pointerText } from '../../oops/pointer-text.ts';
import type { Slab } from '../slab.ts';
import { dumpBytes } from './byte-dump.ts';
import type { SlabDebugRules } from './debug-rules.ts';
import type { ObjectFrame } from './object-frame.ts';

const RULE_WIDTH = 77;
const ERROR = 3;
/** Bytes before an object that a report shows where no red zone lies there. */
const BEFORE = 16;

/** Who allocated or freed an object (struct track), as it is read from memory. */
export interface Track {
	readonly caller: number;
	readonly cpu: number;
	readonly pid: number;
	readonly when: number;
	/** Functions that ran then, innermost first; empty where the caller's address was written over. */
	readonly stack: readonly CodeFrame[];
}

/** What a report says of an object. */
export interface ReportedObject {
	readonly slab: Slab;
	readonly address: number;
	/** Where its link leads. */
	readonly next: number;
	readonly tracks: { readonly allocated: Track | undefined; readonly freed: Track | undefined };
	/** First object of the slab that is free, 0 for none. */
	readonly free: number;
	/** kfree found it, not kmalloc. */
	readonly isFreeing: boolean;
}

/** The reports of slub_debug (mm/slub.c: slab_bug, print_trailer, slab_fix). The kernel goes on after each. */
export class SlabReport {
	constructor(
		readonly context: KernelContext,
		readonly words: KernelWords,
		readonly cacheName: string,
		readonly rules: SlabDebugRules,
		readonly frame: ObjectFrame,
		/** Reads memory. */
		readonly read: (address: number, count: number) => Uint8Array,
	) {}

	/** object_err. @param caller Function that it is part of. */
	object(object: ReportedObject, what: string, caller: string): void {
		this.#head(what);
		this.#trailer(object);
		this.#end(`mm/slub.c:1124 ${caller}`);
	}

	/** slab_err: nothing is known of the object. */
	slab(slab: Slab, free: number, what: string, isFreeing: boolean): void {
		this.#head(what);
		this.#slabLine(slab, free, isFreeing);
		this.#end('mm/slub.c:1149 slab_err+0x40/0x6c');
	}

	/**
	 * check_bytes_and_report: bytes from `first` to `last` are not what they must be.
	 * @param isFirst Whether nothing was reported of the object yet.
	 */
	bytes(object: ReportedObject, what: string, range: BrokenBytes, isFirst: boolean): void {
		const { first, last, found, expected } = range;
		const { warns, namesZones } = this.rules;
		const place = `0x${this.#pointer(first)}-0x${this.#pointer(last)}`;
		const offset = namesZones ? ` @offset=${first - this.#page(object.slab)}` : '';
		const told = `${place}${offset}. First byte 0x${found.toString(16)} instead of 0x${expected.toString(16)}`;
		if (warns) {
			this.#print(`[${what} overwritten] ${told}`);
			if (isFirst) this.object(object, 'Object corrupt', 'check_bytes_and_report+0xdc/0x100');
		} else {
			this.#head(`${what} overwritten`);
			this.#print(`${this.#info}${told}`);
			this.#trailer(object);
			this.#end('');
		}
		const name = this.rules.isTerse ? `${what} ` : '';
		this.fix(`Restoring ${name}${place}=0x${expected.toString(16)}`);
		if (!this.rules.isTerse) this.#print('');
	}

	/** slab_fix */
	fix(what: string): void {
		this.#print(`FIX ${this.cacheName}: ${what}`);
	}

	/** `0x` and what %p makes of an address. */
	pointer(address: number): string {
		return `0x${this.#pointer(address)}`;
	}

	#head(what: string): void {
		const { context, words } = this;
		this.#print('='.repeat(RULE_WIDTH));
		this.#print(`BUG ${this.cacheName} (${taintText(context.machine, words.head.taints)}): ${what}`);
		this.#print('-'.repeat(RULE_WIDTH));
		this.#print('');
		if (!this.rules.isTerse) words.head.taints.add('B');
	}

	/** The trace, or since 6.12 a warning. */
	#end(warning: string): void {
		const { words, rules } = this;
		if (!rules.warns) words.dumpStack();
		words.head.taints.add('B');
		if (rules.warns) words.warn(warning);
	}

	#trailer(object: ReportedObject): void {
		const { frame, rules } = this;
		const { slab, address, next } = object;
		const page = this.#page(slab);
		this.#tracks(object);
		this.#slabLine(slab, object.free, object.isFreeing);
		this.#print(`${this.#info}Object ${this.pointer(address)} @offset=${address - page} fp=${this.pointer(next)}`);
		this.#print('');
		if (frame.leftZone > 0) this.#section('Redzone', address - frame.leftZone, frame.leftZone);
		else if (address > page + BEFORE && !rules.hasLeftZone) this.#section('Bytes b4', address - BEFORE, BEFORE);
		this.#section('Object', address, Math.min(frame.objectBytes, PAGE_SIZE));
		this.#section('Redzone', address + frame.objectBytes, frame.inUse - frame.objectBytes);
		this.#section('Padding', address + frame.padding, frame.stride - frame.leftZone - frame.padding);
	}

	#tracks({ tracks: { allocated, freed } }: ReportedObject): void {
		for (const [what, track] of [
			['Allocated', allocated],
			['Freed', freed],
		] as const) {
			if (!track || track.caller === 0) continue;
			const { caller, cpu, pid, when, stack } = track;
			const [inner] = stack;
			const age = (jiffiesAt(this.context.timeNs) - when) >>> 0;
			const who = inner ? symbolOf(inner) : `0x${caller.toString(16)}`;
			this.#print(`${this.#info}${what} in ${who} age=${age} cpu=${cpu} pid=${pid}`);
			const indent = this.rules.hasDepot ? ' ' : '\t';
			if (this.#printsStacks) for (const each of stack) this.#print(`${indent}${symbolOf(each)}`);
		}
	}

	get #printsStacks(): boolean {
		const { debug, kernel } = this.context.machine;
		return (debug.stackTrace !== false || this.rules.hasDepot === true) && atLeast(kernel, '3.0');
	}

	/** print_page_info */
	#slabLine(slab: Slab, free: number, isFreeing: boolean): void {
		const { context } = this;
		const page = this.pointer(structPageOf(context, slab.pfn));
		const counts = `objects=${slab.objects} used=${slab.inUse} fp=${this.pointer(free)}`;
		const flags = slabPageFlags(context, slab.pfn, { isLocked: isFreeing, isListed: slab.place === 'node-partial' });
		this.#print(`${this.#info}Slab ${page} ${counts} flags=${flags}`);
	}

	#section(name: string, start: number, count: number): void {
		if (count <= 0) return;
		const title = this.rules.namesZones ? `${name.padEnd(8)} ` : `${name} `;
		for (const { at, text } of dumpBytes(this.read(start, count))) {
			this.#print(`${title}${this.#pointer(start + at)}: ${text}`);
		}
	}

	/** Where the slab's pages begin: its first object lies behind a red zone. */
	#page(slab: Slab): number {
		return slab.address - this.frame.leftZone;
	}

	get #info(): string {
		return this.rules.isTerse ? '' : 'INFO: ';
	}

	#pointer(address: number): string {
		return pointerText(this.context.machine, address);
	}

	#print(text: string): void {
		this.context.printk(text, ERROR);
	}
}

/** Bytes of a zone that somebody wrote over. */
export interface BrokenBytes {
	readonly first: number;
	readonly last: number;
	/** The first of them, and what it should be. */
	readonly found: number;
	readonly expected: number;
}
