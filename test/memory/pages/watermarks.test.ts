import { describe, expect, it } from 'vitest';
import { parseKernelVersion } from '../../../source/machine/kernel-version.ts';
import { pageRules } from '../../../source/memory/pages/page-rules.ts';
import { perCpuLimits } from '../../../source/memory/pages/per-cpu-pages.ts';
import { lowmemReserves, minFreeKilobytes, zoneWatermarks } from '../../../source/memory/pages/watermarks.ts';

const rules = (kernel: string) => pageRules(parseKernelVersion(kernel));

describe('watermarks', () => {
	// Recorded: 4.19.44, 1 GiB PC: Normal min 3768kB low 4708kB high 5648kB, HighMem 140kB 296kB 452kB.
	const zones = [
		{ name: 'Normal', managed: 222233 },
		{ name: 'HighMem', managed: 36834 },
	];

	it('are those a running 4.19 printed', () => {
		const minFree = minFreeKilobytes(222233, rules('4.19.44'));
		expect(zoneWatermarks(zones, minFree, rules('4.19.44'))).toEqual([
			{ min: 3768 / 4, low: 4708 / 4, high: 5648 / 4 },
			{ min: 140 / 4, low: 296 / 4, high: 452 / 4 },
		]);
	});

	it('lie a quarter of min apart before 4.6', () => {
		// Recorded: 4.4.155: Normal min 3784kB low 4728kB high 5676kB, HighMem min 132kB low 276kB high 424kB.
		const recorded = [
			{ name: 'Normal', managed: 224347 },
			{ name: 'HighMem', managed: 34786 },
		];
		expect(zoneWatermarks(recorded, 946 * 4, rules('4.4.155'))).toEqual([
			{ min: 3784 / 4, low: 4728 / 4, high: 5676 / 4 },
			{ min: 132 / 4, low: 276 / 4, high: 424 / 4 },
		]);
	});

	it('min_free_kbytes stays between 128 and the cap of the kernel', () => {
		expect(minFreeKilobytes(16, rules('4.19.0'))).toBe(128);
		expect(minFreeKilobytes(2 ** 28, rules('5.4.0'))).toBe(65536);
		expect(minFreeKilobytes(2 ** 28, rules('5.7.0'))).toBe(131072);
	});
});

describe('lowmem_reserve', () => {
	it('keeps a 32nd of HighMem in Normal', () => {
		// Recorded: 4.19.44 "lowmem_reserve[]: 0 1151 1151" and "0 0 0".
		const zones = [
			{ name: 'Normal', managed: 222233 },
			{ name: 'HighMem', managed: 36834 },
		];
		expect(lowmemReserves(zones, rules('4.19.44'))).toEqual([
			[0, 1151, 1151],
			[0, 0, 0],
		]);
	});

	it('keeps a 256th of all above in DMA', () => {
		// Recorded on 6.1, with managed 854976kB in Normal and 37858 pages of HighMem: Normal "0 0 1183 1183".
		const zones = [
			{ name: 'DMA', managed: 3840 },
			{ name: 'Normal', managed: 213744 },
			{ name: 'HighMem', managed: 37858 },
		];
		expect(lowmemReserves(zones, rules('6.1.0'))[0]).toEqual([0, 834, 982, 982]);
		expect(lowmemReserves(zones, rules('6.1.0'))[1]).toEqual([0, 0, 1183, 1183]);
	});
});

describe('per-CPU batch', () => {
	// Boot logs: "4064 pages, LIFO batch:0", "60945 pages, LIFO batch:15", "223300 pages, LIFO batch:31".
	it.each([
		[4064, 1],
		[60945, 15],
		[223300, 31],
	])('of %i pages is %i up to 4.15', (managed, batch) => {
		expect(perCpuLimits(managed, 0, 1, rules('4.4.0'))).toEqual({ batch, high: batch * 6 });
	});

	it('reaches 63 from 4.16 on', () => {
		expect(perCpuLimits(223300, 0, 1, rules('4.19.0')).batch).toBe(63);
	});

	it('from 5.14 on the high mark is the low watermark shared among the CPUs', () => {
		expect(perCpuLimits(188693, 1083, 2, rules('6.1.0'))).toEqual({ batch: 63, high: 541 });
		expect(perCpuLimits(188693, 100, 4, rules('6.1.0')).high).toBe(252);
	});
});
