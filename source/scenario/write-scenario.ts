import { Document, type Scalar, visit } from 'yaml';
import type { Machine } from '../machine/machine.ts';
import type { BootState } from '../memory/boot/boot-state.ts';
import { fileOfBootState } from './boot-state-file.ts';
import { fileOfMachine } from './machine-file.ts';
import type { Ending, Words } from './scenario.ts';
import { splitActs } from './split-acts.ts';

/** One thing that was done, and how it ended. */
export interface DoneAct {
	readonly text: string;
	readonly ending: Ending;
	/** Of an insmod: the module's file, as seen from the scenario's folder, and its parameters. */
	readonly module?: string | undefined;
}

export interface WrittenScenario {
	readonly title: Words;
	readonly machine: Machine;
	readonly bootState: BootState | undefined;
	readonly acts: readonly DoneAct[];
	/** Stands above everything else. */
	readonly comment?: string;
}

/** A scenario file with one step for each act; the act is its caption until somebody writes a better one. */
export const writeScenario = ({ title, machine, bootState, acts, comment }: WrittenScenario): string => {
	const document = new Document({
		title,
		machine: fileOfMachine(machine),
		...(bootState && { boot: fileOfBootState(bootState) }),
		steps: acts.map(({ text, ending, module }) => ({
			caption: { en: text, zh: text },
			...(module === undefined ? { do: isOneAct(text) ? text : [text] } : { insmod: module }),
			ends: ending,
			expect: [],
		})),
	});
	if (comment !== undefined) document.commentBefore = ` ${comment}`;
	visit(document, {
		Pair: (_, { key, value }) => {
			if (ADDRESSES.has(String((key as Scalar).value))) (value as Scalar).format = 'HEX';
		},
	});
	return document.toString({ lineWidth: 0 });
};

/** Keys whose numbers are written as the kernel prints them. */
const ADDRESSES: ReadonlySet<string> = new Set(['start', 'slab', 'physical']);

/** Whether `do:` takes this text for one act as it stands; others are the only item of a list. */
const isOneAct = (text: string): boolean => {
	const [first, ...more] = splitActs(text);
	return more.length === 0 && first?.text === text && !text.includes('\n');
};
