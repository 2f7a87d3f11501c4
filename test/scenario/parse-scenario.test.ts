import { describe, expect, it } from 'vitest';
import { UserError } from '../../source/machine/user-error.ts';
import { parseScenario } from '../../source/scenario/parse-scenario.ts';

const MINIMAL = `title: {en: Borders, zh: 边界}
machine: imx6q-2g
steps:
  - caption: {en: Look., zh: 看。}
`;

const mistakeIn = (text: string): string => {
	try {
		parseScenario(text, 'lesson.yaml');
	} catch (error) {
		if (error instanceof UserError) return error.line;
		throw error;
	}
	throw new Error('no mistake was found');
};

describe('a scenario file', () => {
	it('needs no more than a title, a machine and a step with a caption', () => {
		const scenario = parseScenario(MINIMAL, 'lesson.yaml');
		expect(scenario.title).toEqual({ en: 'Borders', zh: '边界' });
		expect(scenario.machine.id).toBe('imx6q-2g');
		expect(scenario.bootState).toBeUndefined();
		expect(scenario.steps).toEqual([
			{
				caption: { en: 'Look.', zh: '看。' },
				acts: [],
				ending: 'done',
				expect: [],
				expectLog: [],
				look: undefined,
			},
		]);
	});

	it('gives each line of a do block as an act with its own place', () => {
		const text = `${MINIMAL}    do: |
      page = alloc_page(GFP_HIGHUSER)
      // nothing but a comment

      for (i = 0; i < 3; i++) {
        kmap(page);
      }
      cpu 1
`;
		expect(parseScenario(text, 'lesson.yaml').steps[0]?.acts).toEqual([
			{ text: 'page = alloc_page(GFP_HIGHUSER)', where: 'lesson.yaml:6:7' },
			{ text: 'for (i = 0; i < 3; i++) {\n  kmap(page);\n}', where: 'lesson.yaml:9:7' },
			{ text: 'cpu 1', where: 'lesson.yaml:12:7' },
		]);
	});

	it('gives each item of a do list as one act, whatever is in it', () => {
		const text = `${MINIMAL}    do:\n      - a = 1; b = 2\n      - cpu 0\n`;
		expect(parseScenario(text, 'lesson.yaml').steps[0]?.acts).toEqual([
			{ text: 'a = 1; b = 2', where: 'lesson.yaml:6:9' },
			{ text: 'cpu 0', where: 'lesson.yaml:7:9' },
		]);
	});

	it.each([
		['scenarios/lessons/one.yaml', '../documents/kmap.c', 'scenarios/documents/kmap.c'],
		['one.yaml', 'kmap.c', 'kmap.c'],
		['one.yaml', '../kmap.c', '../kmap.c'],
		['../one.yaml', '../kmap.c', '../../kmap.c'],
		['/a/one.yaml', './b/kmap.c', '/a/b/kmap.c'],
		['a/one.yaml', '/kmap.c', '/kmap.c'],
	])('looks for modules beside itself: %s and %s make %s', (file, module, path) => {
		const [step] = parseScenario(`${MINIMAL}    insmod: ${module}\n`, file).steps;
		expect(step?.acts[0]?.text).toBe(`insmod ${path}`);
	});

	it('joins the lines of a caption, with a space in English and without one in Chinese', () => {
		const text = MINIMAL.replace(
			'{en: Look., zh: 看。}',
			'\n      en: |\n        One\n        two.\n      zh: |\n        一\n        二。',
		);
		expect(parseScenario(text, 'lesson.yaml').steps[0]?.caption).toEqual({ en: 'One two.', zh: '一二。' });
	});

	it('makes control characters in captions visible', () => {
		const text = MINIMAL.replace('en: Look.', 'en: "a\\e[2J"');
		expect(parseScenario(text, 'lesson.yaml').steps[0]?.caption.en).toBe('a\\x1b[2J');
	});
});

describe('a mistake in a scenario file', () => {
	it.each([
		[
			'an unknown key',
			MINIMAL.replace('caption', 'captoin'),
			'lesson.yaml:4:5: unknown key "captoin" (did you mean "caption"?)',
		],
		[
			'an unknown key at the top',
			`${MINIMAL}boots: {}\n`,
			'lesson.yaml:5:1: unknown key "boots" (did you mean "boot"?)',
		],
		[
			'an unknown key in the boot state',
			`${MINIMAL}boot:\n  last_pkmap: 3\n`,
			'lesson.yaml:6:3: unknown key "last_pkmap" (did you mean "last_pkmap_nr"?)',
		],
		['a missing language', MINIMAL.replace(', zh: 看。', ''), 'lesson.yaml:4:5: "zh" is missing'],
		['a missing machine', MINIMAL.replace('machine: imx6q-2g\n', ''), 'lesson.yaml:1:1: "machine" is missing'],
		['an unknown machine', MINIMAL.replace('imx6q-2g', 'imx6q-3g'), 'lesson.yaml:2:1: no machine is called "imx6q-3g"'],
		[
			'an unknown panel',
			`${MINIMAL}    look: pkmaps\n`,
			'lesson.yaml:5:5: "steps.0.look": expected one of layout, pkmap',
		],
		[
			'no step',
			MINIMAL.replace(/steps:[\s\S]*/, 'steps: []\n'),
			'lesson.yaml:3:1: "steps": a scenario has at least one step',
		],
		['a number for a text', `${MINIMAL}    expect: [a, 3]\n`, 'lesson.yaml:5:17: "steps.0.expect.1": expected a text'],
		[
			'an ending of nothing',
			`${MINIMAL}    ends: fault\n`,
			'lesson.yaml:5:5: "ends" says how an act ends, but nothing is done (add a "do")',
		],
		['broken YAML', 'title: {en: a\nsteps: [\n', 'lesson.yaml:2:'],
		['another kind of file', 'hello', 'lesson.yaml:1:1: the file: expected Object, found hello'],
		['an empty file', '', 'lesson.yaml:1:1: the file is empty'],
		['a binary file', 'a\u0000b', 'lesson.yaml: is not a text file (it must be UTF-8 text)'],
	])('%s is told with line, column and a hint', (_, text, line) => {
		expect(mistakeIn(text)).toContain(line);
	});

	it('may be an alias bomb, which is refused', () => {
		const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b]\nd: [*c, *c, *c, *c, *c]\n`;
		expect(mistakeIn(bomb)).toContain('too many aliases');
	});
});
