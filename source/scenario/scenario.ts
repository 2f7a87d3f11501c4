import type { Machine } from '../machine/machine.ts';
import type { BootState } from '../memory/boot/boot-state.ts';
import type { Language } from '../phrases/language.ts';

/** One text in each language. */
export type Words = Readonly<Record<Language, string>>;

/** Panels a step may ask to be looked at. */
export const PANELS = [
	'layout',
	'pkmap',
	'fixmap',
	'vmalloc',
	'zones',
	'slab',
	'log',
	'tasks',
	'cpus',
	'walk',
	'counters',
] as const;
export type Panel = (typeof PANELS)[number];

/** How an act of a step must end; a step in which an act ends otherwise has failed. */
export const ENDINGS = ['done', 'sleeping', 'fault'] as const;
export type Ending = (typeof ENDINGS)[number];

/** Text of a scenario together with where it stands in the file: `lesson.yaml:12:9`. */
export interface Placed {
	readonly text: string;
	readonly where: string;
}

export interface ScenarioStep {
	readonly caption: Words;
	/** What is done, one act after another: C statements or words of the explorer. */
	readonly acts: readonly Placed[];
	/** How the last act ends; the others always end `done`. */
	readonly ending: Ending;
	/** C expressions that must be other than zero afterwards. */
	readonly expect: readonly Placed[];
	/** Texts that must stand in the kernel log lines of this step, in this order. */
	readonly expectLog: readonly Placed[];
	readonly look: Panel | undefined;
}

/** A lesson or demonstration: a machine, the state it starts from, and steps with captions. Plain data. */
export interface Scenario {
	readonly fileName: string;
	readonly title: Words;
	readonly machine: Machine;
	readonly bootState: BootState | undefined;
	readonly steps: readonly ScenarioStep[];
}
