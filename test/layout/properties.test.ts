import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeLayout } from '../../source/layout/compute-layout.ts';
import type { Layout } from '../../source/layout/layout.ts';
import { type MachineFlags, machineFromFlags } from '../../source/machine/from-flags.ts';
import type { Machine } from '../../source/machine/machine.ts';
import { MACHINES } from '../../source/machine/machines.ts';
import { UserError } from '../../source/machine/user-error.ts';

const KERNELS = [
	...['2.6.24', '2.6.27', '2.6.28', '2.6.32', '2.6.35', '2.6.39', '3.0', '3.2', '3.4', '3.10', '3.16', '3.18', '3.19'],
	...['4.1', '4.4', '4.9', '4.11', '4.15', '4.17', '4.19', '5.0', '5.4', '5.10', '5.11', '5.14', '6.1', '6.6', '6.12'],
];

const option = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });

/** Any machine that the flags can describe: ready-made ones with another kernel, RAM, split and parameters. */
const flags: fc.Arbitrary<MachineFlags> = fc.record({
	machine: fc.constantFrom(...MACHINES.map(machine => machine.id)),
	kernel: option(fc.constantFrom(...KERNELS)),
	ram: option(fc.integer({ min: 32, max: 6144 }).map(size => `${size}M`)),
	split: option(fc.constantFrom('3G', '2G', '1G')),
	highmem: option(fc.boolean()),
	nrCpus: option(fc.integer({ min: 1, max: 14 }).map(String)),
	cmdline: option(
		fc
			.record({
				vmalloc: option(fc.integer({ min: 0, max: 2048 })),
				highmem: option(fc.integer({ min: 0, max: 1024 })),
			})
			.map(words =>
				Object.entries(words)
					.flatMap(([name, size]) => (size === undefined ? [] : [`${name}=${size}M`]))
					.join(' '),
			),
	),
});

/** The machine, or null where no such kernel can be built (LPAE before 3.3 and the like). */
const machineOf = (given: MachineFlags): Machine | null => {
	try {
		return machineFromFlags(given);
	} catch (error) {
		if (error instanceof UserError) return null;
		throw error;
	}
};

const property = (check: (layout: Layout, machine: Machine) => void): void => {
	fc.assert(
		fc.property(flags, given => {
			const machine = machineOf(given);
			fc.pre(machine !== null);
			check(computeLayout(machine), machine);
		}),
		{ numRuns: 500 },
	);
};

describe('every layout', () => {
	it('has regions that cover 4 GiB in order, without overlap or hole', () => {
		property(({ regions }) => {
			let border = 0;
			for (const { start, end } of regions) {
				expect(start).toBe(border);
				expect(end).toBeGreaterThan(start);
				border = end;
			}
			expect(border).toBe(2 ** 32);
		});
	});

	it('has zones that cover all RAM, in order', () => {
		property(({ zones, ramPages }) => {
			for (const [index, zone] of zones.entries()) {
				const next = zones[index + 1];
				if (next) expect(next.startPfn).toBe(zone.endPfn);
			}
			for (const { startPfn, endPfn } of ramPages) {
				expect(startPfn).toBeGreaterThanOrEqual(zones[0]?.startPfn ?? Number.POSITIVE_INFINITY);
				expect(endPfn).toBeLessThanOrEqual(zones.at(-1)?.endPfn ?? 0);
			}
		});
	});

	it('has rows whose text holds their own borders and an aligned size', () => {
		property(({ rows }) => {
			for (const { text } of rows) {
				expect(text).toMatch(
					/^ {2,7}\.?\w+ *: 0x(\(ptrval\)|[0-9a-f]{8}) - 0x(\(ptrval\)|[0-9a-f]{8}) {3}\( *-?\d+ [kM]B\)$/,
				);
			}
		});
	});

	it('that boots keeps lowmem, vmalloc space and the fixed areas apart', () => {
		property(({ bootFailure, highMemory, vmallocStart, vmallocEnd, fixmap, pkmap, memMap, pageOffset }) => {
			if (bootFailure !== undefined) return;
			expect(highMemory).toBeLessThan(vmallocStart);
			expect(vmallocStart).toBeLessThan(vmallocEnd);
			expect(vmallocEnd).toBeLessThanOrEqual(fixmap.start);
			if (pkmap && pkmap.base > pageOffset) expect(pkmap.base).toBeGreaterThan(vmallocEnd);
			expect(memMap).toBeGreaterThan(pageOffset);
			expect(memMap).toBeLessThan(highMemory);
		});
	});

	it('never has more lowmem for more vmalloc space', () => {
		const sizes = fc.tuple(fc.integer({ min: 16, max: 700 }), fc.integer({ min: 16, max: 700 }));
		fc.assert(
			fc.property(flags, sizes, (given, [a, b]) => {
				const lowmem = (megabytes: number): number => {
					const machine = machineOf({ ...given, cmdline: undefined, vmalloc: `${megabytes}M` });
					fc.pre(machine !== null);
					return computeLayout(machine).maxLowPfn;
				};
				expect(lowmem(Math.max(a, b))).toBeLessThanOrEqual(lowmem(Math.min(a, b)));
			}),
			{ numRuns: 300 },
		);
	});
});
