import type { PlainPhrase, Text } from '../../phrases/phrase.ts';
import { hex, KiB, MiB } from '../address.ts';
import type { Machine } from '../machine.ts';
import type { Found, LogFacts, PrintedRow } from './log-facts.ts';

/** Something of the machine that was read in the log or had to be assumed. */
export interface Assumption {
	/** `split`, `RAM`, `VMALLOC_END`, ... */
	readonly what: PlainPhrase;
	/** As people write it: `3G`, `512M@0x80000000`. */
	readonly value: string;
	/** The line it was read from; absent: the log is silent, and `reason` says why this value. */
	readonly line?: number;
	/** The file of that line, where the machine was read from more than one log. */
	readonly file?: string;
	readonly reason: Text;
}

/** A boot log understood: the machine, and what is known of it only by inference or by habit. */
export interface LogReading {
	readonly machine: Machine;
	readonly facts: LogFacts;
	readonly assumptions: readonly Assumption[];
	/** The mem_init table that the kernel printed; never an input. */
	readonly printedRows: readonly PrintedRow[];
	/** What the kernel said about its memory. */
	readonly messages: readonly Found<string>[];
	/** About the log itself: several boots, a missing head. */
	readonly notes: readonly Text[];
	/** ARM with highmem: where the log itself shows lowmem to end, in bytes from its start. */
	readonly lowmemSeen?: Found<number>;
	/** ARM: whether the platform is not among those known, so that its VMALLOC_END is a guess. */
	readonly isPlatformUnknown?: boolean;
	/** ARM: bytes of highmem. */
	readonly highmemBytes?: number;
}

/** Collects assumptions while a machine is put together. */
export class AssumptionList {
	readonly all: Assumption[] = [];

	/** Note a value that was read (`line`) or assumed, and give it back. */
	note<Value>(value: Value, what: PlainPhrase, text: string, reason: Text, line?: number): Value {
		this.all.push({ what, value: text, reason, ...(line === undefined ? {} : { line }) });
		return value;
	}
}

/** `512M@0x80000000`, or in kilobytes where it is not whole megabytes. */
export const bankText = (base: number, sizeBytes: number): string => `${bytesText(sizeBytes)}@${hex(base)}`;

/** `512M`, or in kilobytes where it is not whole megabytes. */
export const bytesText = (sizeBytes: number): string =>
	sizeBytes % MiB === 0 ? `${sizeBytes / MiB}M` : `${Math.floor(sizeBytes / KiB)}K`;
