import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { compareMachines } from '../../../source/layout/compare/compare.ts';
import { comparisonJson } from '../../../source/layout/compare/compare-json.ts';
import { comparisonLines } from '../../../source/layout/compare/compare-text.ts';
import { machineFromFlags } from '../../../source/machine/from-flags.ts';
import { findMachine, MACHINES } from '../../../source/machine/machines.ts';
import { explainEn } from '../../../source/messages/explain-en.ts';
import { explainZh } from '../../../source/messages/explain-zh.ts';

const named = (id: string) => ({ name: id, machine: findMachine(id) });
const withVmalloc = {
	name: 'imx6q-2g --vmalloc 512M',
	machine: machineFromFlags({ machine: 'imx6q-2g', vmalloc: '512M' }),
};

describe('comparing a machine with itself under vmalloc=512M', () => {
	const comparison = compareMachines(named('imx6q-2g'), withVmalloc);

	it('shows what moved and what it costs', () => {
		const lines = comparisonLines(comparison, explainEn);
		expect(lines.slice(0, 7)).toEqual([
			'            imx6q-2g  imx6q-2g --vmalloc 512M',
			'parameters  -         vmalloc=512M',
			'',
			'row      imx6q-2g                 imx6q-2g --vmalloc 512M  what moved',
			'vector   0xffff0000 - 0xffff1000  0xffff0000 - 0xffff1000  same',
			'fixmap   0xffc00000 - 0xfff00000  0xffc00000 - 0xfff00000  same',
			'vmalloc  0xf0800000 - 0xff800000  0xe0000000 - 0xff800000  start -264 MB',
		]);
		expect(lines.slice(-7)).toEqual([
			'size        imx6q-2g  imx6q-2g --vmalloc 512M',
			'RAM in use   2048 MB                  2048 MB',
			'lowmem        768 MB                   504 MB  -264 MB',
			'highmem      1280 MB                  1544 MB  +264 MB',
			'vmalloc       240 MB                   504 MB  +264 MB',
			'pkmap           2 MB                     2 MB',
			'modules        14 MB                    14 MB',
		]);
	});

	it('gives the costs as numbers of bytes in JSON', () => {
		expect(comparisonJson(comparison)).toMatchObject({
			costs: {
				lowmem: { a: 768 << 20, b: 504 << 20, difference: -264 * 2 ** 20 },
				highmem: { difference: 264 * 2 ** 20 },
			},
			rows: expect.arrayContaining([
				{
					name: 'vmalloc',
					a: { start: '0xf0800000', end: '0xff800000', bytes: 240 << 20 },
					b: { start: '0xe0000000', end: '0xff800000', bytes: 504 << 20 },
					moved: true,
					startMoved: -264 * 2 ** 20,
					endMoved: 0,
					bytesMore: 264 * 2 ** 20,
				},
			]),
		});
	});

	it('keeps its columns aligned in Chinese', () => {
		const table = comparisonLines(comparison, explainZh).filter(line => / 0x|^行/.test(line));
		const columns = table.map(line => stringWidth(line.slice(0, line.search(/0x|imx6q/))));
		expect(new Set(columns).size).toBe(1);
	});
});

describe('comparing machines of two architectures', () => {
	it('says which rows only one of them has', () => {
		const lines = comparisonLines(compareMachines(named('imx6q-2g'), named('debian10-pae-4g')), explainEn);
		expect(lines.find(line => line.startsWith('vector'))).toContain('only in imx6q-2g');
		expect(lines.find(line => line.startsWith('cpu_entry'))).toContain('only in debian10-pae-4g');
	});
});

describe('comparing', () => {
	it('says when nothing moved', () => {
		expect(comparisonLines(compareMachines(named('a20-1g'), named('a20-1g')), explainEn).at(-1)).toBe(
			'The two layouts are the same.',
		);
	});

	it('tells RAM that is left out without highmem', () => {
		const less = { name: 'less', machine: machineFromFlags({ machine: 'imx6q-2g', highmem: false }) };
		const { quantities } = compareMachines(named('imx6q-2g'), less);
		expect(quantities.find(({ name }) => name === 'unused')).toEqual({ name: 'unused', a: 0, b: 1280 * 2 ** 20 });
	});

	it('says which machine would not boot', () => {
		const broken = { name: 'broken', machine: machineFromFlags({ machine: 'laptop-2g-nopae', vmalloc: '1000M' }) };
		const lines = comparisonLines(compareMachines(named('laptop-2g-nopae'), broken), explainEn);
		expect(lines.at(-1)).toMatch(/^broken would not boot: /);
	});

	it('puts every pair of neighbours in the list side by side', () => {
		for (const [at, machine] of MACHINES.entries()) {
			const other = MACHINES[(at + 1) % MACHINES.length] ?? machine;
			const comparison = compareMachines(named(machine.id), named(other.id));
			expect(comparisonLines(comparison, explainEn).join('\n')).not.toMatch(/undefined|NaN/);
			for (const { name, a, b } of comparison.quantities) expect([name, a >= 0, b >= 0]).toEqual([name, true, true]);
		}
	});
});
