import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { machineFromLog } from '../../../source/layout/from-log/fit-log.ts';
import { readBootLog } from '../../../source/machine/boot-log/read-boot-log.ts';
import { UserError } from '../../../source/machine/user-error.ts';
import { inEnglish } from '../../helpers/in-english.ts';

const log = (name: string): string =>
	readFileSync(new URL(`../../fixtures/boot-logs/${name}.txt`, import.meta.url), 'utf8');

describe('a serial capture of an ARM board', () => {
	const { machine, assumptions, printedRows, notes } = readBootLog(log('arm-serial'));
	const lineOf = (what: string): number | undefined => assumptions.find(found => found.what === what)?.line;

	it('gives kernel, CPU, RAM and contiguous area', () => {
		expect(machine).toMatchObject({
			arch: 'arm',
			title: 'Example i.MX6 Quad Board',
			kernel: { major: 4, minor: 1, patch: 15, text: '4.1.15-board' },
			cpu: 'Cortex-A9',
			armVersion: 7,
			cpusOnline: 4,
			ram: [{ base: 0x10000000, sizeBytes: 1024 << 20 }],
			cma: { sizeBytes: 320 << 20, base: 0x2b800000 },
			split: '3G',
			highmem: true,
			lpae: false,
			thumb2: false,
			cacheLineBytes: 64,
			structPageBytes: 32,
		});
	});

	it('names the line that each thing was read from', () => {
		expect(lineOf('kernel')).toBe(6);
		expect(lineOf('split')).toBe(13);
		expect(lineOf('HIGHMEM')).toBe(23);
		expect(lineOf('NR_CPUS')).toBeUndefined();
	});

	it('has the printed table beside the machine', () => {
		expect(printedRows).toHaveLength(10);
		expect(printedRows[2]).toEqual({ name: 'vmalloc', start: 0xf0000000, end: 0xff000000, size: '240 MB', line: 27 });
		expect(notes).toEqual([]);
	});
});

describe("a PC's kern.log", () => {
	const { machine } = readBootLog(log('pc-syslog'));

	it('gives the e820 map with its updates, PAE and NR_CPUS', () => {
		expect(machine).toMatchObject({
			arch: 'x86',
			pae: true,
			highmem: '64G',
			split: '3G',
			nrCpus: 8,
			cpusOnline: 4,
			ram: [
				{ base: 0x10000, sizeBytes: 0x8f800 },
				{ base: 0x100000, sizeBytes: 0xbfe60000 },
				{ base: 0x100000000, sizeBytes: 0x40000000 },
			],
		});
	});
});

describe('a quoted and wrapped log with CRLF', () => {
	const { machine } = readBootLog(log('arm-mailed'));

	it('joins what the mail program wrapped', () => {
		expect(machine).toMatchObject({
			cma: { sizeBytes: 64 << 20 },
			highmem: true,
			kernel: { text: '3.18.20-lpae' },
			nrCpus: 4,
		});
	});

	it('sees LPAE in the control register', () => {
		expect(machine).toMatchObject({ lpae: true, dmaZone: 'lowmem' });
	});
});

describe('a log with three boots', () => {
	const { machine, notes } = readBootLog(log('three-boots'));

	it('takes the last complete one and says so', () => {
		expect(inEnglish(notes[0])).toBe('3 boots in the log; read: the last complete one, number 2, from line 11 on');
		expect(machine.parameters.vmalloc).toBe(256 << 20);
	});
});

describe('what a log betrays', () => {
	it('Thumb-2 and the split of an ARM kernel', () => {
		expect(readBootLog(log('arm-thumb2')).machine).toMatchObject({ thumb2: true, split: '2G', highmem: false });
	});

	it("an old platform's VMALLOC_END by its name", () => {
		expect(readBootLog(log('arm-old')).machine).toMatchObject({ platformVmallocEnd: 0xfe800000, vivt: true });
	});

	it('the release that a distribution hides behind its own', () => {
		const text = log('arm-serial').replace('#7 SMP PREEMPT', '#7 SMP PREEMPT Debian 4.1.52-1');
		expect(readBootLog(text).machine.kernel).toEqual({ major: 4, minor: 1, patch: 52, text: '4.1.15-board' });
	});

	it('banks of mem= with and without an address', () => {
		const given = log('arm-serial').replace(
			'console=ttymxc0',
			'mem=256M@0x10000000 mem=128M@0x30000000 console=ttymxc0',
		);
		expect(readBootLog(given).machine.ram).toEqual([
			{ base: 0x10000000, sizeBytes: 256 << 20 },
			{ base: 0x30000000, sizeBytes: 128 << 20 },
		]);
	});
});

describe('what is no log of a 32-bit kernel', () => {
	const lineFor = (text: string | Uint8Array): string => {
		try {
			readBootLog(text, 'some.log');
		} catch (error) {
			if (error instanceof UserError) return error.line;
			throw error;
		}
		return '';
	};

	it.each([
		['an empty file', '', 'some.log: no boot of a Linux kernel was found in it'],
		[
			'random bytes',
			Uint8Array.from({ length: 5000 }, (_, index) => (index * 7919) % 251),
			'no boot of a Linux kernel',
		],
		[
			'a 64-bit PC',
			'Linux version 5.10.0 (a@b) #1 SMP\nBIOS-e820: [mem 0x0000000000100000-0x00000000bffdffff] usable\nlast_pfn = 0xbffe0 max_arch_pfn = 0x400000000',
			'some.log:3: is of a 64-bit kernel: max_arch_pfn',
		],
		[
			'another architecture',
			'Linux version 4.4.0 (a@b) #1 SMP\nMIPS: machine is x',
			'whether the machine is ARM or x86',
		],
	])('%s gets one clear line', (_, text, line) => {
		expect(lineFor(text)).toContain(line);
	});

	it('keeps escape sequences out of everything that is shown', () => {
		const text = log('arm-serial').replace('Example i.MX6', '\u001b[31m\u001b]0;evil\u0007Ex\u0085\u202eample i.MX6');
		const reading = readBootLog(text);
		expect(reading.machine.title).toBe('Example i.MX6 Quad Board');
		expect(JSON.stringify(reading)).not.toMatch(/\\u00(?:1b|07|85)/);
	});
});

describe('an ARM kernel before 3.3', () => {
	it('of a platform that is not known gets its VMALLOC_END from where highmem begins', () => {
		const text = `Linux version 3.0.20-vendor (a@b) (gcc version 4.4.3) #1 SMP PREEMPT Mon Oct 1 10:00:00 UTC 2012
CPU: ARMv7 Processor [410fc090] revision 0 (ARMv7), cr=10c5387d
Machine: unheard of
On node 0 totalpages: 262144
free_area_init_node: node 0, pgdat c0a12340, node_mem_map c0d00000
  Normal zone: 1408 pages used for memmap
  Normal zone: 178816 pages, LIFO batch:31
  HighMem zone: 640 pages used for memmap
  HighMem zone: 81280 pages, LIFO batch:15
Memory: 1024MB = 1024MB total
Memory: 1020000k/1020000k available, 28576k reserved, 327680K highmem
`;
		// 0xc0000000 + 704 MB of lowmem + 128 MB: arch/arm/mm/mmu.c, vmalloc_min.
		const { machine, assumptions } = machineFromLog(text);
		expect(machine).toMatchObject({ platformVmallocEnd: 0xf4000000 });
		expect(assumptions.at(-1)?.what).toBe('VMALLOC_END');
	});
});

describe('an ARM kernel from 3.3 on', () => {
	it('whose lowmem reaches into the usual reserve is a patched one with a smaller reserve', () => {
		const text = `Linux version 3.4.0-vendor (a@b) (gcc version 4.7) #1 SMP PREEMPT Mon Oct 1 10:00:00 UTC 2014
CPU: ARMv7 Processor [410fc073] revision 3 (ARMv7), cr=10c5387d
Machine: unheard of
On node 0 totalpages: 262144
free_area_init_node: node 0, pgdat c0a12340, node_mem_map c0d00000
  Normal zone: 1664 pages used for memmap
  Normal zone: 211328 pages, LIFO batch:31
  HighMem zone: 384 pages used for memmap
  HighMem zone: 48768 pages, LIFO batch:15
Memory: 1024MB = 1024MB total
Memory: 1020000k/1020000k available, 28576k reserved, 196608K highmem
`;
		// 0xff000000 - 176 MB: where 832 MB of lowmem end.
		const { machine, assumptions } = machineFromLog(text);
		expect(machine.parameters.vmalloc).toBe(176 * 1024 * 1024);
		expect(assumptions.at(-1)).toMatchObject({ what: 'vmalloc reserve', value: '176M', line: 6 });
	});
});
