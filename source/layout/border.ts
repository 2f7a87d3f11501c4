import { alignDown } from '../machine/address.ts';
import type { VersionSpan } from '../machine/by-version.ts';
import type { RuleId } from './border-rules.ts';

/** One step of the arithmetic that gives a border; the steps are taken in order, from zero. */
export interface BorderStep {
	/** Add, subtract, or round down to a multiple of `value`. */
	readonly op: '+' | '-' | 'round';
	readonly value: number;
	/** How `value` is best read: an address, a size in bytes, or a size in whole pages. */
	readonly as: 'address' | 'bytes' | 'pages';
	/** What the kernel or its command line calls the number: `VMALLOC_END`, `vmalloc=`. */
	readonly name?: string;
}

/**
 * A border of the layout with its derivation. `value` is computed from `steps` and from nothing else, and the layout is
 * made of these values, so the explanation of a border cannot disagree with the border.
 */
export interface Border {
	/** The kernel's name of it: `high_memory`, `VMALLOC_START`. */
	readonly name: string;
	/** Up to 2^32, not wrapped. */
	readonly value: number;
	/** Which of the kernel's rules gave it. */
	readonly rule: RuleId;
	readonly steps: readonly BorderStep[];
	/** Releases in which this very rule holds with these constants. */
	readonly span: VersionSpan;
}

const ALWAYS: VersionSpan = {};

/** A border by its rule; computes the value. */
export const border = (
	name: string,
	rule: RuleId,
	steps: readonly BorderStep[],
	span: VersionSpan = ALWAYS,
): Border => ({ name, value: sumOf(steps), rule, steps, span });

const sumOf = (steps: readonly BorderStep[]): number => {
	let value = 0;
	for (const step of steps) {
		if (step.op === 'round') value = alignDown(value, step.value);
		else value += step.op === '+' ? step.value : -step.value;
	}
	return value;
};

const step = (op: BorderStep['op'], as: BorderStep['as'], value: number, name: string | undefined): BorderStep => ({
	op,
	as,
	value,
	...(name === undefined ? {} : { name }),
});

export const address = (value: number, name?: string): BorderStep => step('+', 'address', value, name);
/** Another border as the place to count from. */
export const from = ({ name, value }: Border): BorderStep => address(value, name);
export const plus = (bytes: number, name?: string): BorderStep => step('+', 'bytes', bytes, name);
export const minus = (bytes: number, name?: string): BorderStep => step('-', 'bytes', bytes, name);
export const plusPages = (bytes: number, name?: string): BorderStep => step('+', 'pages', bytes, name);
export const minusPages = (bytes: number, name?: string): BorderStep => step('-', 'pages', bytes, name);
export const roundedDown = (bytes: number, name?: string): BorderStep => step('round', 'bytes', bytes, name);
