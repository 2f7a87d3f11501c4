import { describe, expect, it } from 'vitest';
import { MiB } from '../../source/machine/address.ts';
import { withCommandLine } from '../../source/machine/kernel-command-line.ts';
import type { Machine } from '../../source/machine/machine.ts';
import { findMachine } from '../../source/machine/machines.ts';
import { memparse } from '../../source/machine/size.ts';

const arm = (text: string): Machine => withCommandLine(findMachine('imx6q-2g'), text);
const pc = (text: string): Machine => withCommandLine(findMachine('laptop-2g-nopae'), text);

describe('memparse', () => {
	it.each<[string, number]>([
		['128M', 128 * MiB],
		['0x8000000', 128 * MiB],
		['0200', 128],
		['1g', 1024 * MiB],
		['131000000', 131000000],
		['4Kfoo', 4096],
		['bogus', 0],
		['', 0],
		['M', 0],
		['0', 0],
		['09', 0],
	])('reads %j as %d', (text, bytes) => {
		expect(memparse(text).bytes).toBe(bytes);
	});

	it('leaves the rest to its caller', () => {
		expect(memparse('64M@0x10000000').rest).toBe('@0x10000000');
	});
});

describe('the kernel command line', () => {
	it('sets the parameters that move borders, the last one winning', () => {
		expect(pc('vmalloc=128M highmem=64M quiet vmalloc=256M').parameters).toEqual({
			vmalloc: 256 * MiB,
			highmem: 64 * MiB,
		});
	});

	it('turns nonsense into zero, as memparse does', () => {
		expect(arm('vmalloc=bogus').parameters).toEqual({ vmalloc: 0 });
	});

	it('switches slub_debug on, with letters or without', () => {
		expect(arm('slub_debug=FZPU').debug.slub).toBe('FZPU');
		expect(arm('slub_debug').debug.slub).toBe('');
		expect(arm('slub_debug=P slub_debug=-').debug.slub).toBeUndefined();
		expect(arm('quiet').debug.slub).toBeUndefined();
	});

	it('ignores what it does not know and a quoted lookalike', () => {
		expect(arm('console=ttymxc0,115200 root=/dev/mmcblk0p2 note="a vmalloc=1G" --').parameters).toEqual({});
	});

	it('on x86 the smallest mem= decides; zero and nopentium are ignored', () => {
		expect(pc('mem=nopentium mem=1G mem=600M mem=0').parameters).toEqual({ mem: 600 * MiB });
	});

	it('on ARM mem= is a bank from PHYS_OFFSET', () => {
		expect(arm('mem=600M').parameters).toEqual({ mem: 600 * MiB });
	});

	it('on ARM mem=size@start replaces the banks', () => {
		expect(arm('mem=512M@0x10000000 mem=256M@0x40000000').ram).toEqual([
			{ base: 0x10000000, sizeBytes: 512 * MiB },
			{ base: 0x40000000, sizeBytes: 256 * MiB },
		]);
	});

	it('cma= places the contiguous area', () => {
		expect(arm('cma=128M@0x20000000')).toMatchObject({ cma: { sizeBytes: 128 * MiB, base: 0x20000000 } });
		expect(arm('cma=96M')).toMatchObject({ cma: { sizeBytes: 96 * MiB } });
	});

	it('maxcpus= and nosmp leave CPUs off line', () => {
		expect(arm('maxcpus=2').cpusOnline).toBe(2);
		expect(arm('nosmp').cpusOnline).toBe(1);
	});
});
