import type { ImageSections, Machine } from '../machine.ts';
import { PAGE_OFFSETS } from '../split.ts';
import type { LogFacts } from './log-facts.ts';

type Section = keyof ImageSections;

/** How far from PAGE_OFFSET an image may lie, moved at random or not. */
const REACH = 0x4000_0000;

/** The machine with its image where the linker put it, if a table in the log tells: no formula could. */
export const withPrintedSections = (machine: Machine, { rows }: LogFacts): Machine => {
	const pageOffset = PAGE_OFFSETS[machine.split];
	const found = (name: Section): readonly [number, number] | undefined => {
		const { start, end } = rows.find(candidate => candidate.name === `.${name}`) ?? {};
		if (start === undefined || end === undefined) return undefined;
		return start >= pageOffset && end > start && end - pageOffset < REACH ? [start, end] : undefined;
	};
	const [text, init, data, bss] = [found('text'), found('init'), found('data'), found('bss')];
	if (!text || !init || !data) return machine;
	const isPc = machine.arch === 'x86';
	return { ...machine, sections: { text, init, data, ...(bss && !isPc ? { bss } : {}) } };
};
