import { describe, expect, it } from 'vitest';
import { highmem } from '../helpers/fake-io.ts';

const KMAP = 'struct page *page; void *address;\n';

const module = (body: string): string =>
	`#include <linux/module.h>\n#include <linux/highmem.h>\nstatic int __init f(void)\n{\n${body}\n\treturn 0;\n}\nmodule_init(f);\n`;

/** What is typed, files that exist, and the one line that answers. */
const CASES: readonly [string, readonly string[], Record<string, string | Buffer>, RegExp][] = [
	['an unknown machine', ['layout', '--machine', 'imx6q-3g'], {}, /--machine: .*imx6q-3g.*imx6q-1g/],
	['no RAM', ['layout', '--ram', '0'], {}, /--ram: /],
	['a split that is none', ['layout', '--split', '5G'], {}, /--split: .*3G/],
	['a size that is none', ['layout', '--vmalloc', 'banana'], {}, /--vmalloc: .*banana/],
	['an unknown flag', ['layout', '--vmaloc', '1G'], {}, /--vmaloc: no such flag \(did you mean --vmalloc\?\)/],
	['a flag without its value', ['layout', '--ram'], {}, /--ram: needs a value/],
	['a flag given twice', ['layout', '--ram', '1G', '--ram', '2G'], {}, /--ram: is given twice/],
	['a log that is not named', ['layout', '--from'], {}, /--from: needs a value/],
	['a flag in place of a log', ['layout', '--from', '--json'], {}, /--from: needs a value/],
	['a value for a switch', ['layout', '--json=3'], {}, /--json: takes no value/],
	['two flags that contradict', ['layout', '--no-highmem', '--highmem'], {}, /--highmem: contradicts --no-highmem/],
	['a flag of another mode', ['layout', '--size', '80x24'], {}, /--size: means nothing to highmem layout/],
	['a machine where none is chosen', ['machines', '--ram', '1G'], {}, /--ram: means nothing to highmem machines/],
	['a flag of a mode without one', ['--size', '80x24'], {}, /--size: means nothing to highmem \(see highmem --help\)/],
	['a machine beside a log', ['layout', '--from', 'x', '--machine', 'imx6q-2g'], { x: '' }, /--machine: a log is/],
	['ARM with PAE', ['layout', '--arch', 'arm', '--pae'], {}, /--pae: /],
	['more RAM than any CPU addresses', ['layout', '--ram', '5000G'], {}, /--ram: /],
	['a size of many digits', ['layout', '--ram', '99999999999999999999G'], {}, /--ram: .*is not a size/],
	['more CPUs than there can be', ['layout', '--cpus', '99999999999'], {}, /--cpus: /],
	['a kernel from the future', ['layout', '--kernel', '9.9'], {}, /--kernel: kernel 9\.9 is not known/],
	['an empty log', ['layout', '--from', 'a.txt'], { 'a.txt': '' }, /a\.txt: no boot of a Linux kernel/],
	['an empty log in place of the dashboard', ['a.txt'], { 'a.txt': '' }, /a\.txt: no boot of a Linux kernel/],
	['a binary log', ['a.log'], { 'a.log': Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]) }, /a\.log: /],
	['a binary .config', ['layout', '--config', 'c'], { c: Buffer.from([0, 1, 2, 0xff]) }, /c: is not a kernel config/],
	['an empty module', ['run', 'a.c'], { 'a.c': '' }, /a\.c: this file holds no C/],
	['an empty scenario', ['run', 'a.yaml'], { 'a.yaml': '' }, /a\.yaml:1:1: the file is empty \(.*title/],
	['a binary scenario', ['run', 'a.yaml'], { 'a.yaml': Buffer.from([0, 0xff, 0xfe]) }, /a\.yaml: is not a text file/],
	['a size of nothing', ['record', 'a.yaml', '-o', 'x', '--size', '0x0'], { 'a.yaml': '' }, /--size: "0x0" is no size/],
	['an address of too many digits', ['explain', '0x123456789'], {}, /0x123456789: is no 32-bit virtual address/],
	['a mode with a slip', ['layuot'], {}, /layuot: is neither a mode nor a file \(did you mean layout\?\)/],
	['a file where none belongs', ['layout', 'x.c'], {}, /x\.c: layout takes no file/],
	['nothing to run', ['run'], {}, /run: no file to run/],
	['a missing file', ['run', 'nowhere.c'], {}, /nowhere\.c: cannot be read: no such file/],
	['a missing scenario', ['run', 'nowhere.yaml'], {}, /nowhere\.yaml: cannot be read/],
	['a file of another kind', ['run', 'notes.txt'], { 'notes.txt': 'x' }, /notes\.txt: cannot be run/],
	[
		'a binary file as .c',
		['run', 'a.c'],
		{ 'a.c': Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 0xff]) },
		/a\.c: is not a text file/,
	],
	['C that does not parse', ['run', 'a.c'], { 'a.c': module('\tint x = ;') }, /a\.c:5:\d+: /],
	[
		'a brace that is missing',
		['run', 'a.c'],
		{ 'a.c': 'static int __init f(void)\n{\n\treturn 0;\n' },
		/a\.c:\d+:\d+: /,
	],
	['an unknown function', ['run', 'a.c'], { 'a.c': module(`\t${KMAP}\tkmapp(page);`) }, /a\.c:\d+:\d+: .*kmapp.*kmap/],
	['an undeclared variable', ['run', 'a.c'], { 'a.c': module('\tpage = 0;') }, /a\.c:5:2: .*page/],
	[
		'a function this kernel lacks',
		['run', 'a.c'],
		{ 'a.c': module('\tkmap_local_page(0);') },
		/a\.c:5:2: .*kmap_local_page.*5\.11/,
	],
	['a scenario that is no YAML', ['run', 'a.yaml'], { 'a.yaml': 'title: [' }, /a\.yaml:1:\d+: /],
	['a scenario with an unknown key', ['run', 'a.yaml'], { 'a.yaml': 'titel: x\n' }, /a\.yaml:1:1: .*titel.*title/],
	['a language that is not there', ['record', 'a.yaml', '-o', 'x', '--lang', 'fr'], { 'a.yaml': '' }, /--lang: /],
	['a size that is no size', ['record', 'a.yaml', '-o', 'x', '--size', 'big'], { 'a.yaml': '' }, /--size: /],
	['a recording without a file to write', ['record', 'a.yaml'], { 'a.yaml': '' }, /--output: /],
];

describe('wrong input gets one clear line on standard error and exit status 2', () => {
	it.each(CASES)('%s', async (_, argv, files, line) => {
		const { status, out, err } = await highmem(argv, files);
		expect(err).toMatch(line);
		expect(err).toMatch(/^highmem: [^\n]+\n$/);
		expect(err).not.toMatch(/\n\s+at /);
		expect(out).toBe('');
		expect(status).toBe(2);
	});
});
