import { describe, expect, it } from 'vitest';
import { computeLayout } from '../../source/layout/compute-layout.ts';
import { formatTable } from '../../source/layout/table.ts';
import { findMachine } from '../../source/machine/machines.ts';

const tableOf = (id: string): string => formatTable(computeLayout(findMachine(id)));

describe('the tables of the documents', () => {
	it('i.MX6ULL, kernel 4.9.88 (document 3)', () => {
		expect(tableOf('imx6ull-512m')).toBe(
			[
				'Virtual kernel memory layout:',
				'    vector  : 0xffff0000 - 0xffff1000   (   4 kB)',
				'    fixmap  : 0xffc00000 - 0xfff00000   (3072 kB)',
				'    vmalloc : 0xe0800000 - 0xff800000   ( 496 MB)',
				'    lowmem  : 0xc0000000 - 0xe0000000   ( 512 MB)',
				'    pkmap   : 0xbfe00000 - 0xc0000000   (   2 MB)',
				'    modules : 0xbf000000 - 0xbfe00000   (  14 MB)',
				'      .text : 0xc0008000 - 0xc0a00000   (10208 kB)',
				'      .init : 0xc0e00000 - 0xc1000000   (2048 kB)',
				'      .data : 0xc1000000 - 0xc1074c00   ( 467 kB)',
				'       .bss : 0xc1076000 - 0xc10e8eec   ( 460 kB)',
				'',
			].join('\n'),
		);
	});

	it('i.MX6Q, kernel 5.5.0 (document 0), whose %p hides the image', () => {
		expect(tableOf('imx6q-2g')).toBe(
			[
				'Virtual kernel memory layout:',
				'    vector  : 0xffff0000 - 0xffff1000   (   4 kB)',
				'    fixmap  : 0xffc00000 - 0xfff00000   (3072 kB)',
				'    vmalloc : 0xf0800000 - 0xff800000   ( 240 MB)',
				'    lowmem  : 0xc0000000 - 0xf0000000   ( 768 MB)',
				'    pkmap   : 0xbfe00000 - 0xc0000000   (   2 MB)',
				'    modules : 0xbf000000 - 0xbfe00000   (  14 MB)',
				'      .text : 0x(ptrval) - 0x(ptrval)   (10208 kB)',
				'      .init : 0x(ptrval) - 0x(ptrval)   (2048 kB)',
				'      .data : 0x(ptrval) - 0x(ptrval)   ( 467 kB)',
				'       .bss : 0x(ptrval) - 0x(ptrval)   ( 460 kB)',
				'',
			].join('\n'),
		);
	});

	it('the i386 fixmap is 0xfff15000 - 0xfffff000 (document 2)', () => {
		expect(tableOf('ubuntu1604-2g')).toContain('    fixmap  : 0xfff15000 - 0xfffff000   ( 936 kB)\n');
	});
});

describe('the form of a table', () => {
	it('x86: lower-case heading, kB for pkmap, no .bss, .data from _etext', () => {
		expect(tableOf('qemu-i386-512m')).toBe(
			[
				'virtual kernel memory layout:',
				'    fixmap  : 0xfff1a000 - 0xfffff000   ( 916 kB)',
				'  cpu_entry : 0xff800000 - 0xff939000   (1252 kB)',
				'    pkmap   : 0xff000000 - 0xff400000   (4096 kB)',
				'    vmalloc : 0xe07e0000 - 0xfeffe000   ( 488 MB)',
				'    lowmem  : 0xc0000000 - 0xdffe0000   ( 511 MB)',
				'      .init : 0xc17de000 - 0xc186d000   ( 572 kB)',
				'      .data : 0xc152193c - 0xc17cd6c0   (2735 kB)',
				'      .text : 0xc1000000 - 0xc152193c   (5254 kB)',
				'',
			].join('\n'),
		);
	});

	it('ARM 2.6.35: DMA row, .init before .text, no .bss yet', () => {
		expect(tableOf('versatilepb-128m')).toBe(
			[
				'Virtual kernel memory layout:',
				'    vector  : 0xffff0000 - 0xffff1000   (   4 kB)',
				'    fixmap  : 0xfff00000 - 0xfffe0000   ( 896 kB)',
				'    DMA     : 0xffc00000 - 0xffe00000   (   2 MB)',
				'    vmalloc : 0xc8800000 - 0xd8000000   ( 248 MB)',
				'    lowmem  : 0xc0000000 - 0xc8000000   ( 128 MB)',
				'    modules : 0xbf000000 - 0xc0000000   (  16 MB)',
				'      .init : 0xc0e00000 - 0xc1000000   (2048 kB)',
				'      .text : 0xc0008000 - 0xc0a00000   (10208 kB)',
				'      .data : 0xc1000000 - 0xc1074c00   ( 467 kB)',
				'',
			].join('\n'),
		);
	});

	it('ARM 3.4: no DMA row, .text first, .bss last', () => {
		expect(
			tableOf('a10-1g')
				.match(/^ +\.?\w+/gm)
				?.map(name => name.trim()),
		).toEqual(['vector', 'fixmap', 'vmalloc', 'lowmem', 'pkmap', 'modules', '.text', '.init', '.data', '.bss']);
	});

	it('TCM rows stand between vectors and fixmap', () => {
		const machine = findMachine('imx6ull-512m');
		if (machine.arch !== 'arm') throw new Error('not an ARM machine');
		const layout = computeLayout({ ...machine, tcm: { dtcmEnd: 0xfffea000, itcmEnd: 0xfffe4000 } });
		expect(layout.rows.slice(1, 3).map(row => row.text)).toEqual([
			'    DTCM    : 0xfffe8000 - 0xfffea000   (   8 kB)',
			'    ITCM    : 0xfffe0000 - 0xfffe4000   (  16 kB)',
		]);
	});
});
