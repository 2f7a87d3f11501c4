import { describe, expect, it } from 'vitest';
import { MiB } from '../../source/machine/address.ts';
import { type MachineFlags, machineFromFlags } from '../../source/machine/from-flags.ts';
import { DEFAULT_MACHINE_ID, findMachine } from '../../source/machine/machines.ts';
import { UserError } from '../../source/machine/user-error.ts';

const errorOf = (flags: MachineFlags): string => {
	try {
		machineFromFlags(flags);
	} catch (error) {
		if (error instanceof UserError) return error.line;
		throw error;
	}
	return 'no error';
};

const banksOf = (flags: MachineFlags): [number, number][] =>
	machineFromFlags(flags).ram.map(({ base, sizeBytes }) => [base, sizeBytes]);

describe('machineFromFlags', () => {
	it('without flags gives the default machine', () => {
		expect(machineFromFlags({})).toBe(findMachine(DEFAULT_MACHINE_ID));
	});

	it('with --machine alone gives that very machine', () => {
		expect(machineFromFlags({ machine: 'zynq-1g' })).toBe(findMachine('zynq-1g'));
	});

	it('takes no notice of flags that are not about the machine', () => {
		const flags = { machine: 'zynq-1g', json: true, lang: 'zh' };
		expect(machineFromFlags(flags)).toBe(findMachine('zynq-1g'));
	});

	it('with --arch alone gives a machine of that architecture, called custom', () => {
		expect(machineFromFlags({ arch: 'x86' })).toMatchObject({ id: 'custom', arch: 'x86', highmem: '4G' });
		expect(machineFromFlags({ arch: 'arm' })).toMatchObject({ id: 'custom', arch: 'arm', lpae: false });
	});

	it('changes what the flags say and nothing else', () => {
		const machine = machineFromFlags({ machine: 'imx6q-1g', kernel: '4.19.44', vmalloc: '512M', cpus: '2' });
		expect(machine).toEqual({
			...findMachine('imx6q-1g'),
			id: 'custom',
			title: 'i.MX6Q SabreSD / Wandboard',
			origin: 'changed',
			kernel: { major: 4, minor: 19, patch: 44, text: '4.19.44' },
			parameters: { vmalloc: 512 * MiB },
			cpusOnline: 2,
		});
	});

	it('--kernel drops what belonged to the old release only', () => {
		expect(machineFromFlags({ machine: 'ubuntu1604-2g', kernel: '4.17' })).not.toHaveProperty('cpuEntryGeneration');
	});

	it('--kernel moves the image of a PC between 1 MiB (up to 2.6.30) and 16 MiB', () => {
		const text = (kernel: string): number | undefined => machineFromFlags({ arch: 'x86', kernel }).sections.text[0];
		expect([text('2.6.30'), text('2.6.31')]).toEqual([0xc0100000, 0xc1000000]);
	});

	it('--split moves the image with PAGE_OFFSET, in any case of letters', () => {
		const machine = machineFromFlags({ split: '2g' });
		expect(machine.split).toBe('2G');
		expect(machine.sections.text[0]).toBe(0x80008000);
	});

	it('--ram with a size stands where the board has its RAM', () => {
		expect(banksOf({ ram: '1G' })).toEqual([[0x10000000, 1024 * MiB]]);
		expect(banksOf({ ram: '1.5GiB' })).toEqual([[0x10000000, 1536 * MiB]]);
	});

	it('--ram on a PC leaves out the BIOS area, the ACPI tables and the PCI hole', () => {
		expect(banksOf({ arch: 'x86', ram: '4G' })).toEqual([
			[0, 0x9fc00],
			[0x100000, 0xbffe0000 - 0x100000],
			[0x100000000, 1024 * MiB],
		]);
	});

	it('--ram takes banks, in any order', () => {
		expect(banksOf({ ram: '256M@0xa0000000, 512M@0x80000000' })).toEqual([
			[0x80000000, 512 * MiB],
			[0xa0000000, 256 * MiB],
		]);
	});

	it('--cpus lets NR_CPUS grow when that is not given', () => {
		expect(machineFromFlags({ cpus: '8' })).toMatchObject({ cpusOnline: 8, nrCpus: 8 });
		expect(machineFromFlags({ nrCpus: '2' })).toMatchObject({ cpusOnline: 2, nrCpus: 2 });
	});

	it('--pae and --highmem decide the x86 HIGHMEM option together', () => {
		expect(machineFromFlags({ arch: 'x86', pae: true })).toMatchObject({ pae: true, highmem: '64G' });
		expect(machineFromFlags({ arch: 'x86', highmem: false })).toMatchObject({ pae: false, highmem: 'off' });
		expect(machineFromFlags({ machine: 'debian10-pae-4g', pae: false })).toMatchObject({ pae: false, highmem: '4G' });
	});

	it('--lpae alone takes a board whose CPU has it', () => {
		expect(machineFromFlags({ lpae: true })).toMatchObject({ cpu: 'Cortex-A15', lpae: true });
	});
});

describe('a mistake in the flags is one line that names the flag and the way out', () => {
	it.each<[MachineFlags, string]>([
		[
			{ machine: 'imx6q-2gb' },
			'--machine: no machine is called "imx6q-2gb" (did you mean imx6q-2g? "highmem machines" lists them)',
		],
		[{ machine: 'nosuchthing' }, '--machine: no machine is called "nosuchthing" ("highmem machines" lists them)'],
		[{ arch: 'mips' }, '--arch: "mips" is not an architecture (arm or x86)'],
		[{ machine: 'zynq-1g', arch: 'x86' }, '--arch: zynq-1g is an arm machine (leave --arch or --machine out)'],
		[{ kernel: 'linux' }, '--kernel: "linux" is not a kernel release (for example 4.19.44)'],
		[{ kernel: '2.6.23' }, '--kernel: kernel 2.6.23 is not known here (2.6.24 to 6.12)'],
		[{ kernel: '6.13' }, '--kernel: kernel 6.13 is not known here (2.6.24 to 6.12)'],
		[{ ram: '0' }, '--ram: a machine without RAM cannot run (for example 512M)'],
		[{ ram: '' }, '--ram: no size given (for example 512M)'],
		[{ ram: 'much' }, '--ram: "much" is not a size (for example 512M or 2G)'],
		[{ ram: '-1G' }, '--ram: "-1G" is not a size (for example 512M or 2G)'],
		[{ ram: '512' }, '--ram: 512 bytes are less than one page (did you mean 512M?)'],
		[{ ram: '512M@here' }, '--ram: "here" is not an address (for example 0x80000000)'],
		[{ ram: '512M@0@0' }, '--ram: "512M@0@0" is not a bank (for example 512M@0x80000000)'],
		[{ ram: '512M,256M' }, '--ram: several sizes without addresses (for example 512M@0x80000000,256M@0xa0000000)'],
		[
			{ ram: '512M@0x80000000,512M@0x90000000' },
			'--ram: two banks overlap at 0x90000000 (give each bank its own addresses)',
		],
		[{ ram: '2T@0' }, '--ram: RAM ends at 0x20000000000, above what the CPU can address (at most 0x10000000000)'],
		[{ arch: 'x86', ram: '1M' }, '--ram: a PC needs more than 1 MiB of RAM (for example 512M)'],
		[
			{ ram: '8M' },
			'--ram: no lowmem for the kernel itself: its 17284 kB lie from 0x10008000 on (a larger first bank)',
		],
		[
			{ arch: 'x86', ram: '512M@0x100000000' },
			'--ram: no lowmem for the kernel itself: its 8628 kB lie from 0x01000000 on (a PC needs RAM from 0x00100000 on)',
		],
		[
			{ lpae: true, ram: '200G@0x80000000' },
			'--ram: the page descriptors of that RAM, 1600 MB, leave no lowmem (less RAM, or banks closer together)',
		],
		[{ split: '5G' }, '--split: "5G" is not a split (did you mean 3G? One of 3G, 3G_opt, 2G, 2G_opt, 1G)'],
		[{ split: '2G_opt' }, '--split: 2G_opt is a split of x86 (3G, 3G_opt, 2G or 1G)'],
		[
			{ machine: 'a10-1g', split: '3G_opt' },
			'--split: 3G_opt came to ARM with 4.4 (another --split or a newer --kernel)',
		],
		[{ arch: 'x86', pae: true, split: '3G_opt' }, '--split: 3G_opt excludes PAE (3G, 2G or 1G, or --no-pae)'],
		[{ machine: 'vmsplit-3gopt-1g', pae: true }, '--pae: 3G_opt excludes PAE (3G, 2G or 1G, or --no-pae)'],
		[{ lpae: true, split: '3G_opt' }, '--split: 3G_opt excludes LPAE (3G, 2G or 1G)'],
		[{ arch: 'arm', pae: true }, '--pae: PAE is for x86 (ARM has --lpae)'],
		[{ arch: 'x86', lpae: true }, '--lpae: LPAE is for ARM (x86 has --pae)'],
		[{ lpae: true, kernel: '3.2' }, '--lpae: LPAE came with 3.3 (a newer --kernel, or no --lpae)'],
		[
			{ machine: 'vexpress-a15-lpae-4g', kernel: '3.0' },
			'--kernel: LPAE came with 3.3 (a newer --kernel, or no --lpae)',
		],
		[{ machine: 'imx6q-2g', lpae: true }, '--lpae: a Cortex-A9 has no LPAE (--machine vexpress-a15-lpae-4g has)'],
		[{ vmalloc: 'banana' }, '--vmalloc: "banana" is not a size (for example 512M or 2G)'],
		[{ vmalloc: '0' }, '--vmalloc: 0 of vmalloc space is impossible (for example 256M)'],
		[{ vmalloc: '4G' }, '--vmalloc: 4G of vmalloc space is impossible (for example 256M)'],
		[{ cpus: '0' }, '--cpus: "0" is not a number of CPUs (a whole number from 1 on)'],
		[{ cpus: 'two' }, '--cpus: "two" is not a number of CPUs (a whole number from 1 on)'],
		[{ nrCpus: '1.5' }, '--nr-cpus: "1.5" is not a number of CPUs (a whole number from 1 on)'],
		[{ cpus: '4', nrCpus: '2' }, '--cpus: 4 CPUs, but the kernel is built for 2 (at most 2, or a larger --nr-cpus)'],
		[{ nrCpus: '64' }, '--nr-cpus: kernel 5.5.0 cannot be built for 64 CPUs (at most 32)'],
		[{ machine: 'a10-1g', cpus: '16' }, '--cpus: kernel 3.4.113 cannot be built for 16 CPUs (at most 14)'],
		[{ machine: 'rpi3-1g-multi', kernel: '3.8' }, '--kernel: kernel 3.8 cannot be built for 16 CPUs (--nr-cpus 14)'],
		[
			{ cmdline: 'mem=4M' },
			'--cmdline: no lowmem for the kernel itself: its 17284 kB lie from 0x10008000 on (a larger first bank)',
		],
	])('%j', (flags, line) => {
		expect(errorOf(flags)).toBe(line);
	});
});
