import { describe, expect, it } from 'vitest';
import { bytesText, shareText } from '../../../source/dashboard/painting/bytes-text.ts';
import { layoutModel } from '../../../source/dashboard/panels/layout-model.ts';
import { logModel } from '../../../source/dashboard/panels/log-model.ts';
import { moveFrom, scrollTo } from '../../../source/dashboard/panels/panel-model.ts';
import { pictureRegions } from '../../../source/dashboard/panels/picture-model.ts';
import { vmallocModel } from '../../../source/dashboard/panels/vmalloc-model.ts';
import { virtual } from '../../../source/machine/address.ts';
import { contextOf, plainRows } from '../model-context.ts';
import { plain } from '../render-dashboard.tsx';

describe('the layout panel', () => {
	it('shows the rows of mem_init as the kernel prints them', () => {
		expect(plainRows(layoutModel(contextOf({}, 60), 2), 0, 4).map(row => row.trimEnd())).toEqual([
			'    vector  : 0xffff0000 - 0xffff1000   (   4 kB)',
			'    fixmap  : 0xffc00000 - 0xfff00000   (3072 kB)',
			'    vmalloc : 0xf0800000 - 0xff800000   ( 240 MB)',
			'    lowmem  : 0xc0000000 - 0xf0000000   ( 768 MB)',
		]);
	});

	it('gives up indent rather than a digit where the table is too wide', () => {
		const [vector] = plainRows(layoutModel(contextOf({}, 49), 2));
		expect(vector).toBe('   vector  : 0xffff0000 - 0xffff1000   (   4 kB) ');
	});

	it('draws the address space: every region has a column, the large ones their share', () => {
		const model = layoutModel(contextOf({ counts: { 1: 2 } }, 60), 2);
		expect(model.foot.map(plain)).toEqual([
			' mod pkmap lowmem 768 MB            vmalloc       fixmap    ',
			'|...|#....|........................x.............x#.....x#x|',
		]);
	});

	it('fills the width exactly, whatever it is', () => {
		for (const machine of ['imx6q-2g', 'ubuntu1604-2g', 'rpi1-512m', 'old-pc-64m', 'tegra3-1g']) {
			for (const width of [49, 60, 71, 117]) {
				const { view } = contextOf({ machine }, width);
				const regions = pictureRegions(view, width);
				expect(Math.min(...regions.map(region => region.columns))).toBeGreaterThanOrEqual(1);
				const [, bar] = layoutModel(contextOf({ machine }, width), 2).foot.map(plain);
				expect(bar?.trimEnd()).toHaveLength(width);
			}
		}
	});
});

describe('the kernel log', () => {
	const log = [
		{ timeNs: 58_787_147_000, text: 'kmap: \u001b[31mred', level: 6, step: 1 },
		{ timeNs: 59_000_000_000, text: 'a line that is much too long', level: 6, step: 2 },
	];

	it('shows time stamps, marks new lines, cuts long ones and makes control characters visible', () => {
		expect(plainRows(logModel(contextOf({ log, step: 2 }, 34)))).toEqual([
			' [   58.787147] kmap: \\x1b[31mred ',
			'*[   59.000000] a line that is mu>',
		]);
	});

	it('leads to the newest line', () => {
		expect(logModel(contextOf({ log, step: 2 }, 30)).newest).toBe(1);
		expect(logModel(contextOf({ log, step: 3 }, 30)).newest).toBeUndefined();
	});
});

describe('what the explorer says beside the log', () => {
	const log = [
		{ timeNs: 0, text: 'before', level: 6, step: 1 },
		{ timeNs: 0, text: 'after', level: 6, step: 2 },
	];
	const advices = [{ key: 'vmallocEnabledIrqs' as const, timeNs: 0, logLines: 0, step: 1 }];
	const model = logModel(contextOf({ log, advices, step: 2 }, 30));

	it('stands behind the lines of its act, whole, with a mark of its own', () => {
		expect(plainRows(model).map(row => row.trimEnd())).toEqual([
			' [    0.000000] before',
			' ! vmalloc() came back with',
			'   interrupts on.',
			'*[    0.000000] after',
		]);
	});

	it('is one item, and the cursor is on its last row, so that all of it scrolls into sight', () => {
		expect(model.itemCount).toBe(3);
		expect(model.rowOf(1)).toBe(2);
		expect(model.itemsOf(1).count).toBe(0);
		expect(moveFrom(model, 0, 'down', 5)).toBe(1);
		expect(moveFrom(model, 2, 'up', 5)).toBe(1);
		expect(scrollTo(model, 1, 0, 2)).toBe(1);
	});
});

describe('the vmalloc panel', () => {
	it('lists areas with their guard page counted in', () => {
		const areas = [
			{
				start: virtual(0xf081f000),
				bytes: 8192,
				kind: 'vmalloc' as const,
				pages: 1,
				caller: 'vmalloc_example_init',
				isLazy: false,
				changedAt: 2,
			},
		];
		expect(plainRows(vmallocModel(contextOf({ areas, step: 2 }, 78))).map(row => row.trimEnd())).toEqual([
			'*0xf081f000 0xf0821000     8 kB      1 vmalloc    vmalloc_example_init',
		]);
	});
});

describe('sizes and shares', () => {
	it('are short', () => {
		expect([512, 4096, 3 * 2 ** 20, 1.5 * 2 ** 30].map(bytesText)).toEqual(['512 B', '4 kB', '3 MB', '1.5 GB']);
	});

	it('never claim nothing or everything when it is not so', () => {
		expect([0, 1, 500, 999, 1000].map(part => shareText(part, 1000))).toEqual(['0%', '<1%', '50%', '>99%', '100%']);
	});
});
