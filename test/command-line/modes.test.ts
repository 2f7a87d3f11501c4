import { describe, expect, it } from 'vitest';
import { highmem } from '../helpers/fake-io.ts';

describe('highmem layout', () => {
	it('prints heading and rows on standard output and nothing else', async () => {
		const { status, out, err } = await highmem(['layout', '--machine', 'imx6ull-512m']);
		expect(out.split('\n')[0]).toBe('Virtual kernel memory layout:');
		expect(out.trimEnd().split('\n')).toHaveLength(11);
		expect(err).toBe('');
		expect(status).toBe(0);
	});

	it('says on standard error in whose form a kernel that prints no table is shown', async () => {
		const { out, err } = await highmem(['layout', '--machine', 'imx6q-2g']);
		expect(out).toContain('    pkmap   : 0xbfe00000 - 0xc0000000   (   2 MB)\n');
		expect(err).toBe('note: kernel 5.5.0 no longer prints this table; shown in the form of 5.0\n');
	});

	it('gives addresses as text and sizes as numbers with --json', async () => {
		const { out } = await highmem(['layout', '--json', '--machine', 'imx6ull-512m']);
		const { rows, symbols, heading } = JSON.parse(out);
		expect(heading).toBe('Virtual kernel memory layout:');
		expect(rows.find((row: { name: string }) => row.name === 'lowmem')).toEqual({
			name: 'lowmem',
			start: '0xc0000000',
			end: '0xe0000000',
			bytes: 536870912,
			text: '    lowmem  : 0xc0000000 - 0xe0000000   ( 512 MB)',
		});
		expect(symbols.high_memory).toBe('0xe0000000');
	});

	it('is what a pipe gets in place of the dashboard', async () => {
		const { status, out, err } = await highmem([]);
		expect(out).toContain('    lowmem  : 0xc0000000 - 0xf0000000   ( 768 MB)');
		expect(err).toContain('no terminal');
		expect(status).toBe(0);
	});
});

describe('highmem machines', () => {
	it('lists all 28', async () => {
		const { out } = await highmem(['machines', '--json']);
		expect(JSON.parse(out)).toHaveLength(28);
	});
});

describe('highmem run', () => {
	const OOPS = `#include <linux/module.h>
static int __init f(void)
{
	int *p = (int *)0xefffffff;
	p = (int *)0xf0000000;
	*p = 1;
	return 0;
}
module_init(f);
`;

	it('ends with status 1 when the simulated kernel oopses, with its words in the log', async () => {
		const { status, out, err } = await highmem(['run', 'a.c'], { 'a.c': OOPS });
		expect(out).toMatch(/Unable to handle kernel paging request at virtual address f0000000/);
		expect(err).toMatch(/a\.c: /);
		expect(status).toBe(1);
	});

	it('ends with status 1 when an expectation fails, and says which', async () => {
		const scenario = `title: {en: a, zh: 甲}
machine: imx6q-2g
steps:
  - caption: {en: one, zh: 一}
    expect: [last_pkmap_nr == 7]
`;
		const { status, err } = await highmem(['run', 'a.yaml'], { 'a.yaml': scenario });
		expect(err).toContain('a.yaml:5:');
		expect(err).toContain('last_pkmap_nr == 7');
		expect(status).toBe(1);
	});

	it('ends its --json lines with the result', async () => {
		const { out } = await highmem(['run', '--json', 'a.c'], { 'a.c': OOPS });
		const lines = out.trimEnd().split('\n');
		expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ type: 'result', ok: false });
		expect(lines.map(line => JSON.parse(line)).filter(({ type }) => type === 'fault')).toHaveLength(1);
	});
});

describe('highmem --help', () => {
	it('names every mode and every flag', async () => {
		const { status, out } = await highmem(['--help']);
		for (const word of ['layout', 'run', 'record', 'machines', '--boot-state', '--nr-cpus', '--no-color']) {
			expect(out).toContain(word);
		}
		expect(status).toBe(0);
	});
});
