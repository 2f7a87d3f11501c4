import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../source/machine/user-error.ts';
import { KernelFault } from '../../source/memory/kernel-fault.ts';
import { openShell } from './shell.ts';

const SOURCE = readFileSync(new URL('../fixtures/kernel-c/page_pool.c', import.meta.url), 'utf8');
const PIECES = [
	'{',
	'}',
	'(',
	')',
	';',
	'*',
	'&',
	'#define A A\n',
	'\n#if ',
	'\n#endif\n',
	'"',
	"'",
	',',
	'->',
	'.',
	' 0 ',
	'[',
	']',
	'##',
	'/*',
	'\\',
	'struct page',
	'return',
	'case 1:',
	'goto out;',
	'slots',
	'typedef',
	'=',
	'-',
	'?',
	':',
	'\u0000',
	'中',
];

const mutation = fc.record({
	at: fc.nat(SOURCE.length - 1),
	remove: fc.nat(30),
	insert: fc.oneof(fc.constantFrom('', ...PIECES), fc.string({ maxLength: 6 })),
});

const onlyOurs = (run: () => void): void => {
	try {
		run();
	} catch (error) {
		if (!(error instanceof UserError) && !(error instanceof KernelFault)) throw error;
		if (error instanceof UserError) expect(error.line).not.toContain('\n');
	}
};

describe('whatever is written', () => {
	it("a mutated module compiles or is the user's mistake", async () => {
		const { interpreter } = await openShell();
		fc.assert(
			fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), mutations => {
				let text = SOURCE;
				for (const { at, remove, insert } of mutations) text = text.slice(0, at) + insert + text.slice(at + remove);
				onlyOurs(() => interpreter.parseModule(text, 'm.c'));
			}),
			{ numRuns: 600 },
		);
	});

	it("words thrown together in the command bar run or are the user's mistake", async () => {
		const words = [
			'page',
			'p',
			'x',
			'=',
			'*',
			'&',
			'(',
			')',
			'[',
			']',
			'{',
			'}',
			';',
			',',
			'1',
			'0xff',
			'"s"',
			'kmap',
			'kunmap',
			'vmalloc',
			'if',
			'for',
			'while',
			'int',
			'u32',
			'struct',
			'sizeof',
			'+',
			'-',
			'++',
			'?',
			':',
			'->',
			'.',
			'a',
			'alloc_page',
			'GFP_KERNEL',
			'printk',
			'memset',
			'min',
			'swap',
			'return',
			'goto',
			'pkmap_count',
			'NULL',
			'!',
			'<<',
			'#define',
			'\n',
		];
		const { run } = await openShell('imx6q-2g', { maxStatements: 200 });
		onlyOurs(() => run('page = alloc_page(GFP_HIGHUSER); p = vmalloc(64); x = 1'));
		fc.assert(
			fc.property(fc.array(fc.constantFrom(...words), { maxLength: 9 }), list => {
				onlyOurs(() => run(list.join(' ')));
			}),
			{ numRuns: 1500 },
		);
	});

	it('text nested a hundred thousand deep is refused', async () => {
		const { mistake } = await openShell();
		expect(mistake(`${'('.repeat(100_000)}1${')'.repeat(100_000)}`)).toContain('nested too deeply');
		expect(
			mistake(`#define A A A\n#define B(x) x x\nB(B(B(B(B(B(B(B(B(B(B(B(B(B(B(B(B(B(B(B(B(1)))))))))))))))))))))`),
		).not.toBe('no mistake');
	});
});
