import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeLayout } from '../../source/layout/compute-layout.ts';
import { machineFromFlags } from '../../source/machine/from-flags.ts';
import { MACHINES } from '../../source/machine/machines.ts';
import { UserError } from '../../source/machine/user-error.ts';

const SIZES = ['0', '1', '1M', '64M', '512M', '1.5G', '4G', '64G', '2T', '0x10000000', '-1', 'banana', '9'.repeat(400)];

/** Something near to what people type, or anything at all. */
const text = (likely: readonly string[]): fc.Arbitrary<string | undefined> =>
	fc.option(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...likely) }, { weight: 1, arbitrary: fc.string() }), {
		nil: undefined,
	});

const flags = fc.record({
	machine: text(MACHINES.map(({ id }) => id)),
	arch: text(['arm', 'x86']),
	kernel: text(['2.6.24', '3.0', '4.19.44', '5.5', '6.12', '7.0']),
	ram: text([...SIZES, '512M@0x80000000,256M@0xa0000000', '1G@3G', '@', ',', '512M@9'.repeat(3)]),
	split: text(['3G', '3G_opt', '2G', '2G_opt', '1G', '5G']),
	vmalloc: text(SIZES),
	highmem: fc.option(fc.boolean(), { nil: undefined }),
	pae: fc.option(fc.boolean(), { nil: undefined }),
	lpae: fc.option(fc.boolean(), { nil: undefined }),
	nrCpus: text(['1', '4', '32', '1000000']),
	cpus: text(['1', '2', '64']),
	cmdline: text([
		'vmalloc=bogus',
		'mem=600M highmem=2G',
		'mem=0',
		'cma=64M@0x20000000 quiet',
		'mem=1G@0',
		'reservetop=4G',
	]),
});

describe('machineFromFlags', () => {
	it('gives a machine with a layout, or one line of error, for whatever is typed', () => {
		fc.assert(
			fc.property(flags, given => {
				try {
					const layout = computeLayout(machineFromFlags(given));
					expect(layout.regions.at(-1)?.end).toBe(2 ** 32);
				} catch (error) {
					if (!(error instanceof UserError)) throw error;
					expect(error.line).toMatch(/^--[a-z-]+: [^\n]+$/);
					expect(error.hint).toBeDefined();
				}
			}),
			{ numRuns: 3000 },
		);
	});
});
