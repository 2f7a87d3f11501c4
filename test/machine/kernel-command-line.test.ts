import { describe, expect, it } from 'vitest';
import { computeLayout } from '../../source/layout/compute-layout.ts';
import { MiB } from '../../source/machine/address.ts';
import { machineFromFlags } from '../../source/machine/from-flags.ts';
import { bootedWith, withCommandLine } from '../../source/machine/kernel-command-line.ts';
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

	it('on ARM mem= counts whole pages, and joins what touches', () => {
		expect(arm('mem=64M@0x10000800').ram).toEqual([{ base: 0x10001000, sizeBytes: 64 * MiB - 4096 }]);
		expect(arm('mem=64M@0x20000000 mem=64M@0x24000000').ram).toEqual([{ base: 0x20000000, sizeBytes: 128 * MiB }]);
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

// arch/arm/kernel/setup.c: early_mem removes all memory before it looks at the size.
describe('a kernel command line that nobody has booted yet', () => {
	const booted = (text: string) => bootedWith(findMachine('imx6q-2g'), text);

	it.each(['mem=1', 'mem=0', 'mem=bogus', 'mem=', 'mem=1K mem=2K@0x20000000'])('%s leaves ARM no RAM', text => {
		expect(() => booted(text)).toThrow(/leaves the kernel no page of RAM/);
	});

	it('is fine when one mem= of several gives RAM', () => {
		expect(booted('mem=1 mem=600M').parameters).toEqual({ mem: 600 * MiB });
	});

	it('does not move the kernel: RAM below PHYS_OFFSET is ignored, in its words', () => {
		const layout = computeLayout(booted('mem=64M@0 mem=512M@0x10000000'));
		expect(layout.physOffset).toBe(0x10000000);
		expect(layout.messages).toContain('Ignoring memory below PHYS_OFFSET: 0x00000000-0x04000000');
	});

	it('must leave RAM where the kernel lies', () => {
		const flags = { machine: 'imx6q-2g', cmdline: 'mem=512M@0x90000000' };
		expect(() => machineFromFlags(flags)).toThrow(/no lowmem for the kernel itself/);
	});
});
