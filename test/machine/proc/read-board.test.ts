import { describe, expect, it } from 'vitest';
import { computeLayout } from '../../../source/layout/compute-layout.ts';
import { collectedSections } from '../../../source/machine/proc/collected.ts';
import { UserError } from '../../../source/machine/user-error.ts';
import { english } from '../../../source/phrases/phrase.ts';
import { boardFiles, readFiles } from './boards.ts';

const ARM = boardFiles('armmp-6.1');
const PC = boardFiles('pc-4.4');

const lineOf = (files: Readonly<Record<string, string>>): string => {
	try {
		readFiles(files);
	} catch (error) {
		if (error instanceof UserError) return error.line;
		throw error;
	}
	return '';
};

const notes = (files: Readonly<Record<string, string>>): string[] => readFiles(files).log.notes.map(english);

describe('an ARM board by its /proc alone', () => {
	const { log, places } = readFiles(ARM);
	const { machine } = log;

	it('has its RAM, CPUs, release and zones', () => {
		expect(machine).toMatchObject({
			arch: 'arm',
			ram: [{ base: 0x40000000, sizeBytes: 0x40000000 }],
			cpusOnline: 2,
			cpu: 'Cortex-A15',
			highmem: true,
			lpae: false,
			split: '3G',
			maxOrder: 11,
			dmaZone: 'lowmem',
			kernel: expect.objectContaining({ text: '6.1.0-44-armmp', major: 6, minor: 1, patch: 176 }),
		});
	});

	it('has its image where /proc/iomem shows it', () => {
		expect(machine.sections.text).toEqual([0xc0208000, 0xc1400000]);
		expect(machine.sections.init).toEqual([0xc1400000, 0xc1600000]);
		expect(machine.sections.data).toEqual([0xc1600000, 0xc182d5d0]);
	});

	it('says of everything where it was read', () => {
		const ram = log.assumptions.find(({ what }) => what === 'RAM');
		expect(places.text(ram?.line ?? 0)).toBe('iomem:4');
		const split = log.assumptions.filter(({ what }) => what === 'split');
		expect(split.map(({ line }) => places.text(line ?? 0))).toEqual(['meminfo:13']);
	});
});

describe('a PC by its /proc alone', () => {
	const { machine } = readFiles(PC).log;

	it('has its RAM, and no PAE where the direct map has pages of 4 MB', () => {
		expect(machine).toMatchObject({ arch: 'x86', pae: false, highmem: '4G', zoneDma: false, cpusOnline: 2 });
		expect(computeLayout(machine).highMemory).toBe(0xf77fe000);
	});
});

describe('files are recognised by what stands in them', () => {
	const layoutOf = (files: Readonly<Record<string, string>>) => computeLayout(readFiles(files).log.machine).rows;

	it('whatever their names are', () => {
		const renamed = Object.fromEntries(Object.values(ARM).map((text, index) => [`file-${index}`, text]));
		expect(layoutOf(renamed)).toEqual(layoutOf(ARM));
	});

	it('in any order, and all in one file', () => {
		expect(layoutOf(Object.fromEntries(Object.entries(ARM).reverse()))).toEqual(layoutOf(ARM));
		const { version: _, cmdline: __, ...rest } = ARM;
		const one = Object.values(rest).join('\n');
		expect(readFiles({ 'board.txt': one }).proc?.vmalloc).toHaveLength(60);
	});
});

describe('beside a boot log', () => {
	const log = `Linux version 6.1.0-44-armmp (a@b) (arm-linux-gnueabihf-gcc) #1 SMP Debian 6.1.176-1
CPU: ARMv7 Processor [410fc0f1] revision 1 (ARMv7), cr=10c5387d
OF: fdt: Machine model: linux,dummy-virt
Memory policy: Data cache writealloc
Kernel command line: console=ttyAMA0 root=/dev/vda rw
Memory: 1001200K/1048576K available (18432K kernel code, 2048K rwdata, 4096K rodata, 2048K init, 400K bss, 30992K reserved, 16384K cma-reserved, 262144K highmem)
`;

	it('a complete log comes first, and /proc fills in what it lacks', () => {
		const { log: reading, places } = readFiles({ 'boot.log': log, ...ARM });
		const found = Object.fromEntries(
			reading.assumptions.map(({ what, line }) => [what, line === undefined ? '' : places.text(line)]),
		);
		expect(found).toMatchObject({ kernel: 'boot.log:1', RAM: 'iomem:4', CPUs: 'cpuinfo:1' });
		expect(reading.notes.map(english)).toEqual(['no memory layout table in the log']);
	});

	it('what both state differently is told in one line each', () => {
		expect(notes({ 'boot.log': log, ...ARM, version: 'Linux version 5.10.0-9-armmp (a@b) (gcc) #1 SMP\n' })).toContain(
			'kernel differs: 6.1.0-44-armmp (boot.log:1) is taken, not 5.10.0-9-armmp (version:1)',
		);
		expect(notes({ 'boot.log': log.replace('rw\n', 'ro\n'), ...ARM })).toContain(
			'command line differs: "console=ttyAMA0 root=/dev/vda ro" (boot.log:5) is taken, not "console=ttyAMA0 root=/dev/vda rw" (cmdline:1)',
		);
	});

	it('a log that stops early gives way', () => {
		const cut = log.slice(0, log.indexOf('Memory:')).replace('6.1.0-44', '6.1.0-43');
		expect(notes({ 'boot.log': cut, ...ARM })).toContain(
			'kernel differs: 6.1.0-44-armmp (version:1) is taken, not 6.1.0-43-armmp (boot.log:1)',
		);
	});
});

describe('what cannot be read is told in one line', () => {
	it('zeros in /proc/iomem: then the zones tell where RAM lies', () => {
		const iomem = (ARM.iomem ?? '').replace(/^( *)[0-9a-f]{8}-[0-9a-f]{8}/gm, '$100000000-00000000');
		expect(notes({ ...ARM, iomem })).toEqual([
			'iomem:4: the addresses are zeros, so RAM is not read from it; root sees them',
		]);
		expect(readFiles({ ...ARM, iomem }).log.machine.ram).toEqual([{ base: 0x40000000, sizeBytes: 0x40000000 }]);
	});

	it('a second file of a kind', () => {
		expect(notes({ ...ARM, other: PC.meminfo ?? '' })).toEqual([
			'other:1: another /proc/meminfo; that of meminfo:1 is read',
		]);
	});

	it('a file that is nothing known', () => {
		expect(notes({ ...ARM, 'notes.txt': 'Remember\nto buy\nmilk\n' })).toEqual([
			'notes.txt: nothing that is known here; not read',
		]);
	});

	it('a damaged row', () => {
		expect(notes({ ...ARM, vmallocinfo: `${ARM.vmallocinfo}0xf0a` })).toEqual([]);
		expect(notes({ ...ARM, vmallocinfo: `${ARM.vmallocinfo}0xf0a00000-0xf0` })).toEqual([
			'vmallocinfo:61: is damaged and not read; such lines: 1',
		]);
	});

	it('a 64-bit machine', () => {
		expect(lineOf({ meminfo: 'MemTotal: 16000000 kB\nVmallocTotal:   34359738367 kB\n' })).toBe(
			'meminfo:2: is of a 64-bit kernel: VmallocTotal 34359738367 kB (highmem exists on 32-bit ARM and x86)',
		);
	});

	it('files that do not show which architecture it is', () => {
		expect(lineOf({ meminfo: ARM.meminfo ?? '' })).toContain(
			'meminfo: does not show whether the machine is ARM or x86 (add /proc/cpuinfo',
		);
	});
});

describe('a kernel whose release is not told', () => {
	it.each([
		['armmp-6.1', '6.1.0', 'SecPageTables is there since 6.1.0; no release is told'],
		['pc-4.4', '3.14.0', 'MemAvailable is there since 3.14.0; no release is told'],
	])('is dated by the youngest word of its /proc: %s', (name, release, reason) => {
		const { version: _, ...files } = boardFiles(name);
		const [kernel] = readFiles(files).log.assumptions;
		expect([kernel?.value, kernel && english(kernel.reason)]).toEqual([release, reason]);
	});
});

describe('what highmem collect gathers', () => {
	const mark = '### highmem collect 1:';
	const collected = (files: Readonly<Record<string, string>>): string =>
		`${Object.entries(files)
			.map(([name, text]) => `${mark} begin /proc/${name}\n${text}\n${mark} end /proc/${name}\n`)
			.join('')}${mark} complete ${Object.keys(files).length} sections\n`;

	it('is the same machine', () => {
		const { log, places } = readFiles({ 'board.txt': collected(ARM) });
		expect(log.machine).toEqual(readFiles(ARM).log.machine);
		expect(log.notes).toEqual([]);
		const ram = log.assumptions.find(({ what }) => what === 'RAM');
		const line = collected(ARM).split('\n').indexOf('40000000-7fffffff : System RAM') + 1;
		expect(places.text(ram?.line ?? 0)).toBe(`board.txt:${line}`);
	});

	it('is noticed when it was cut', () => {
		const text = collected(ARM);
		const cut = text.slice(0, text.indexOf('begin /proc/vmallocinfo') + 200);
		const last = cut.split('\n').length;
		expect(notes({ 'board.txt': cut })).toContain(
			`board.txt:${last}: was cut short in /proc/vmallocinfo: the line that says "complete" is missing`,
		);
	});

	it('tells which files were missing', () => {
		const text = collected(ARM).replace(
			`${mark} complete`,
			`${mark} missing dmesg cannot be read; root can\n${mark} complete`,
		);
		expect(notes({ 'board.txt': text })).toEqual([
			`board.txt:${text.split('\n').length - 2}: dmesg is missing: cannot be read; root can`,
		]);
	});

	it('may be quoted and have CRLF', () => {
		const text = collected(ARM).replace(/^/gm, '> ').replaceAll('\n', '\r\n');
		expect(readFiles({ 'board.txt': text }).log.machine).toEqual(readFiles(ARM).log.machine);
	});

	it('is nothing else than a text with its marks', () => {
		expect(collectedSections('echo "### highmem collect"\n')).toBeUndefined();
	});
});
