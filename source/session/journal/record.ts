import * as v from 'valibot';
import type { Machine } from '../../machine/machine.ts';
import type { BootState } from '../../memory/boot/boot-state.ts';
import type { KernelAct } from '../kernel-act.ts';

/** Changes whenever an older highmem could misread a journal. */
export const JOURNAL_VERSION = 1;

/** An act as it is kept: what was typed, what it does, and the simulated time after it. */
export interface JournalAct {
	/** From 1. What was once done at this step and later is over. */
	readonly step: number;
	readonly text: string;
	readonly act: KernelAct;
	readonly timeNs: number;
}

/** One line of a journal. */
export type JournalRecord =
	/** The first line: what was booted. */
	| {
			readonly kind: 'boot';
			readonly version: number;
			readonly machine: Machine;
			readonly bootState?: BootState | undefined;
	  }
	| ({ readonly kind: 'act' } & JournalAct)
	/** Undo, redo or seek. */
	| { readonly kind: 'seek'; readonly step: number }
	/** The session was left by intent. */
	| { readonly kind: 'end' };

const STEP = v.pipe(v.number(), v.integer(), v.minValue(0));

/** One schema for each kind of act: an act that no schema knows could be written but not read again. */
const ACTS = {
	c: v.object({ kind: v.literal('c'), text: v.string() }),
	cpu: v.object({ kind: v.literal('cpu'), id: STEP }),
	task: v.object({ kind: v.literal('task'), pid: v.union([STEP, v.literal('new')]) }),
	fork: v.object({ kind: v.literal('fork') }),
	exit: v.object({ kind: v.literal('exit') }),
	interrupt: v.object({ kind: v.literal('interrupt'), context: v.picklist(['hardirq', 'softirq']), text: v.string() }),
	insmod: v.object({ kind: v.literal('insmod'), path: v.string(), source: v.string() }),
	rmmod: v.object({ kind: v.literal('rmmod'), name: v.string() }),
} satisfies { readonly [Kind in KernelAct['kind']]: v.GenericSchema<unknown, Extract<KernelAct, { kind: Kind }>> };

const ACT = v.union(Object.values(ACTS));

const RECORD = v.variant('kind', [
	v.object({
		kind: v.literal('boot'),
		version: v.literal(JOURNAL_VERSION),
		// Nobody but us writes a line with the right sum, so that what a machine is need not be spelled out here.
		machine: v.custom<Machine>(isObject),
		bootState: v.optional(v.custom<BootState>(isObject)),
	}),
	v.object({ kind: v.literal('act'), step: STEP, text: v.string(), act: ACT, timeNs: v.number() }),
	v.object({ kind: v.literal('seek'), step: STEP }),
	v.object({ kind: v.literal('end') }),
]);

function isObject(value: unknown): boolean {
	return typeof value === 'object' && value !== null;
}

/** A record as a line of JSON with its line end. The last member is the sum of what stands before it. */
export const encodeRecord = (record: JournalRecord): string => {
	const body = JSON.stringify(record).slice(0, -1);
	return `${body},"sum":"${sum(body)}"}\n`;
};

/** The record of a line; undefined when the line is damaged or of a newer highmem. */
export const decodeRecord = (line: string): JournalRecord | undefined => {
	const [, body, found] = /^(.*),"sum":"([0-9a-f]{8})"\}$/.exec(line) ?? [];
	if (body === undefined || found !== sum(body)) return undefined;
	const parsed = v.safeParse(RECORD, JSON.parse(`${body}}`));
	return parsed.success ? parsed.output : undefined;
};

/** FNV-1a over the UTF-16 units, in hex: finds what a disk or a broken-off write does to a line. */
const sum = (text: string): string => {
	let hash = 0x811c9dc5;
	for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
	return (hash >>> 0).toString(16).padStart(8, '0');
};
