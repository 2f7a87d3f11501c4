import * as v from 'valibot';
import { printable, UserError } from '../machine/user-error.ts';
import { bootStateSchema } from './boot-state-file.ts';
import { machineOfFile, machineSchema } from './machine-file.ts';
import { ENDINGS, PANELS, type Placed, type Scenario, type ScenarioStep, type Words } from './scenario.ts';
import { splitActs } from './split-acts.ts';
import { type Locate, readYaml, saying, type YamlPath } from './yaml-file.ts';
import { TEXT } from './yaml-values.ts';

const words = v.strictObject({ en: TEXT, zh: TEXT });
const TEXTS = v.union([TEXT, v.array(TEXT)], saying('expected a text or a list of texts'));

const stepSchema = v.strictObject({
	caption: words,
	/** A module to load before anything else of the step; its path is relative to the scenario. */
	insmod: v.optional(TEXT),
	do: v.optional(TEXTS),
	ends: v.optional(v.picklist(ENDINGS)),
	expect: v.optional(TEXTS),
	expect_log: v.optional(TEXTS),
	look: v.optional(v.picklist(PANELS)),
});

const scenarioSchema = v.strictObject({
	title: words,
	machine: machineSchema,
	boot: v.optional(bootStateSchema),
	steps: v.pipe(
		v.array(stepSchema, saying('expected a list of steps')),
		v.minLength(1, saying('a scenario has at least one step')),
	),
});

type StepFile = v.InferOutput<typeof stepSchema>;

/**
 * Read a scenario file.
 * @param fileName Path as given; errors name it, and modules are looked for beside it.
 * @throws {UserError} at the line and column of the first mistake.
 */
export const parseScenario = (text: string, fileName: string): Scenario => {
	const { value, at } = readYaml(scenarioSchema, text, fileName);
	const lines = text.split('\n');
	return {
		fileName,
		title: clean(value.title),
		machine: machineOfFile(value.machine, at),
		bootState: value.boot,
		steps: value.steps.map((step, index) => toStep(step, ['steps', index], at, fileName, lines)),
	};
};

const toStep = (
	step: StepFile,
	path: YamlPath,
	at: Locate,
	fileName: string,
	lines: readonly string[],
): ScenarioStep => {
	const placed = (key: 'expect' | 'expect_log'): readonly Placed[] => {
		const texts = step[key] ?? [];
		return typeof texts === 'string'
			? [{ text: texts.trim(), where: at([...path, key]) }]
			: texts.map((text, index) => ({ text: text.trim(), where: at([...path, key, index]) }));
	};
	const acts = [...insmodActs(step, path, at, fileName), ...doActs(step, path, at, lines)];
	if (step.ends !== undefined && acts.length === 0) {
		throw new UserError('"ends" says how an act ends, but nothing is done', at([...path, 'ends']), 'add a "do"');
	}
	return {
		caption: clean(step.caption),
		acts,
		ending: step.ends ?? 'done',
		expect: placed('expect'),
		expectLog: placed('expect_log'),
		look: step.look,
	};
};

const insmodActs = (step: StepFile, path: YamlPath, at: Locate, fileName: string): readonly Placed[] =>
	step.insmod === undefined
		? []
		: [{ text: `insmod ${beside(fileName, step.insmod)}`, where: at([...path, 'insmod']) }];

const doActs = (step: StepFile, path: YamlPath, at: Locate, lines: readonly string[]): readonly Placed[] => {
	if (step.do === undefined) return [];
	if (typeof step.do !== 'string') {
		return step.do.map((text, index) => ({ text: text.trim(), where: at([...path, 'do', index]) }));
	}
	// The lines of a block begin below `do: |`; a plain scalar stands on the line of its key.
	const where = at([...path, 'do']);
	const block = step.do;
	return splitActs(block).map(act => ({
		text: act.text,
		where: block.includes('\n') ? lineBelow(where, act.line, lines) : where,
	}));
};

const lineBelow = (where: string, line: number, lines: readonly string[]): string =>
	where.replace(/:(\d+):\d+$/, (_, key: string) => {
		const number = Number(key) + 1 + line;
		return `:${number}:${Math.max(0, (lines[number - 1] ?? '').search(/\S/)) + 1}`;
	});

/** `path` as seen from the scenario's folder, without the `folder/..` that cancel out. */
const beside = (fileName: string, path: string): string => {
	if (path.startsWith('/')) return path;
	const folder = fileName.slice(0, fileName.lastIndexOf('/') + 1);
	const parts: string[] = [];
	for (const part of `${folder}${path}`.split('/')) {
		const before = parts.at(-1);
		if (part === '..' && before !== undefined && before !== '..' && before !== '') parts.pop();
		else if (part !== '.') parts.push(part);
	}
	return parts.join('/');
};

const clean = (caption: Words): Words => ({ en: oneLine(caption.en), zh: oneLine(caption.zh) });

// Han characters and the punctuation between them, which no space separates.
const HAN = '[\\u3000-\\u9fff\\uff00-\\uffef\\u2018-\\u201d]';
const FOLDED_HAN = new RegExp(`(${HAN})\\s+(?=${HAN})`, 'g');

/** Captions are folded to the width of the screen where they are shown, so line ends in the file mean nothing. */
const oneLine = (text: string): string =>
	printable(
		text
			.trim()
			.replaceAll(FOLDED_HAN, '$1')
			.replaceAll(/\s*\n\s*/g, ' '),
	);
