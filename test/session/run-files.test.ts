import { describe, expect, it } from 'vitest';
import { findMachine } from '../../source/machine/machines.ts';
import { UserError } from '../../source/machine/user-error.ts';
import { english } from '../../source/phrases/phrase.ts';
import { type RunOptions, runFiles } from '../../source/session/run-files.ts';

const init = (body: string): string =>
	`#include <linux/module.h>\n#include <linux/mm.h>\nstatic int __init f(void)\n{\n${body}\n}\nmodule_init(f);\nMODULE_LICENSE("GPL");\n`;

const FILES: Readonly<Record<string, string>> = {
	'one.c': init('\tprintk("one\\n"); return 0;'),
	'two.c': init('\tprintk("two\\n"); return 0;'),
	'fails.c': init('\treturn -ENOMEM;'),
	'oops.c': init('\t*(int *)0 = 1;\n\treturn 0;'),
	'broken.c': init('\treturn 0'),
	'unknown.c': init('\treturn no_such_function(1);'),
	'binary.c': '\u0000\u0001',
	'notes.txt': 'hello',
	'good.yaml': `title: {en: T, zh: 题}
machine: imx6q-2g
steps:
  - caption: {en: One, zh: 一}
    insmod: one.c
    expect: [PAGE_OFFSET == 0xc0000000]
    expect_log: [one]
`,
	'bad.yaml': `title: {en: T, zh: 题}
machine: imx6q-2g
steps:
  - caption: {en: One, zh: 一}
    expect:
      - PAGE_OFFSET == 0x80000000
`,
	'wrong.yaml': `title: {en: T, zh: 题}
machine: imx6q-2g
steps:
  - caption: {en: One, zh: 一}
    do:
      - kmap(no_such_page)
`,
};

const run = async (files: readonly string[], options: Partial<RunOptions> = {}) => {
	const lines: string[] = [];
	const complaints: string[] = [];
	const result = await runFiles(files, {
		machine: findMachine('imx6q-2g'),
		readFile: path => {
			const text = FILES[path];
			if (text === undefined) throw new UserError('no such file', path);
			return text;
		},
		print: line => lines.push(line),
		complain: line => complaints.push(english(line)),
		...options,
	});
	return { result, lines, complaints };
};

const mistake = async (files: readonly string[]): Promise<string> => {
	try {
		await run(files);
	} catch (error) {
		if (error instanceof UserError) return error.line;
		throw error;
	}
	throw new Error('no mistake was found');
};

describe('a run without a screen', () => {
	it('prints the kernel log as dmesg does', async () => {
		const { lines, result } = await run(['one.c'], { bootState: { timeSeconds: 58.787147 } });
		expect(lines).toEqual(['[   58.787147] one']);
		expect(result).toEqual({ ok: true, status: 0, failures: [] });
	});

	it('loads all modules into one kernel, one after another', async () => {
		const { lines } = await run(['one.c', 'two.c']);
		expect(lines.map(line => line.slice(15))).toEqual(['one', 'two']);
		const [first = '', second = ''] = lines;
		expect(second.slice(0, 14) > first.slice(0, 14)).toBe(true);
	});

	it('gives each scenario a kernel of its own', async () => {
		const { lines, result } = await run(['good.yaml', 'one.c', 'good.yaml']);
		expect(result.ok).toBe(true);
		expect(lines).toHaveLength(3);
		expect(lines[2]).toBe(lines[0]);
	});

	it('fails when an expectation is not met, and tells where', async () => {
		const { result, complaints } = await run(['bad.yaml']);
		expect(result.status).toBe(1);
		expect(complaints).toEqual(['bad.yaml:6:9: expected PAGE_OFFSET == 0x80000000, found 0xc0000000']);
	});

	it('fails when the kernel oopses or a module refuses to load', async () => {
		const oops = await run(['oops.c']);
		expect(oops.result.status).toBe(1);
		expect(oops.complaints[0]).toMatch(/^oops\.c: .*page domain fault .* a null pointer/);
		const fails = await run(['fails.c']);
		expect(fails.result.status).toBe(1);
		expect(fails.complaints[0]).toContain('-12');
	});

	it('may play a scenario on another machine', async () => {
		const { result } = await run(['bad.yaml'], { machine: findMachine('rpi2-1g'), isMachineForced: true });
		expect(result.ok).toBe(true);
	});

	it('prints events and the result as JSON, one object a line', async () => {
		const { lines } = await run(['one.c'], { isJson: true });
		const events = lines.map(line => JSON.parse(line));
		expect(events.at(-1)).toEqual({ type: 'result', ok: true, failures: [] });
		const load = events.find(event => event.type === 'module_load');
		expect(load).toMatchObject({ name: 'one', address: '0xbf000000' });
		expect(events.find(event => event.type === 'log')).toMatchObject({ text: 'one' });
		const seqs = events.slice(0, -1).map(event => event.seq);
		expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
	});
});

describe('wrong input to a run', () => {
	it.each([
		[[], 'run: no file to run (highmem run FILE.c or FILE.yaml)'],
		[['missing.c'], 'missing.c: no such file'],
		[['notes.txt'], 'notes.txt: cannot be run'],
		[['binary.c'], 'binary.c: is not a text file'],
		[['broken.c'], /^broken\.c:5:\d+: /],
		[['unknown.c'], /^unknown\.c:5:9: .*no_such_function/],
		[['wrong.yaml'], /^wrong\.yaml:6:14: no variable or constant no_such_page/],
		[['one.c', 'broken.c'], /^broken\.c:5:\d+: /],
	])('%j is told in one line', async (files, line) => {
		expect(await mistake(files)).toMatch(line);
	});
});
