import { describe, expect, it } from 'vitest';
import type { ProcFacts } from '../../../source/machine/proc/proc-facts.ts';
import { procLines } from '../../../source/machine/proc/proc-lines.ts';
import { ProcReader } from '../../../source/machine/proc/read-proc.ts';

const read = (text: string): ProcFacts => {
	const reader = new ProcReader();
	reader.read(procLines(text));
	return reader.facts;
};

describe('/proc/iomem', () => {
	it('gives the banks of RAM, joined where they touch, and the image', () => {
		const { ram, image, pcWords } = read(`40000000-4fffffff : System RAM
50000000-5fffffff : System RAM
  40208000-413fffff : Kernel code
  41600000-4182d5cf : Kernel data
80000000-8fffffff : System RAM
`);
		expect(ram.map(({ value }) => value)).toEqual([
			{ start: 0x40000000, end: 0x60000000 },
			{ start: 0x80000000, end: 0x90000000 },
		]);
		expect(image?.value.code).toEqual({ start: 0x40208000, end: 0x41400000 });
		expect(pcWords).toBeUndefined();
	});

	it('read without the right to see addresses has none', () => {
		const { ram, hiddenIomem } = read('00000000-00000000 : Reserved\n00000000-00000000 : System RAM\n');
		expect(ram).toEqual([]);
		expect(hiddenIomem?.line).toBe(2);
	});

	it('does not take reserved ranges and devices for RAM', () => {
		expect(read('00000000-00000fff : Reserved\n000a0000-000bffff : PCI Bus 0000:00\n').ram).toEqual([]);
	});
});

describe('/proc/vmallocinfo', () => {
	it('gives each area with its size, caller, pages and physical address', () => {
		const { vmalloc } = read(`0xf7ffe000-0xf8000000    8192 acpi_os_map_iomem+0xeb/0x13e phys=fed00000 ioremap
0xf0810000-0xf0821000   69632 gic_of_setup+0x38/0xf8 phys=0x08000000 ioremap
0xf8003000-0xf8007000   16384 n_tty_open+0xe/0x82 pages=3 vmalloc
0xf7d1c000-0xf7d20000   16384 lv+0xe/0x59 [mmprobe] pages=3 vmalloc N0=3
0xf7c16000-0xf7c19000   12288 unpurged vm_area
0xf0a00000-0xf0c00000 2097152 vm_map_ram
`);
		expect(vmalloc.map(({ value }) => value)).toEqual([
			{
				start: 0xf7ffe000,
				end: 0xf8000000,
				bytes: 8192,
				caller: 'acpi_os_map_iomem+0xeb/0x13e',
				physical: 0xfed00000,
				words: ['ioremap'],
				isLazy: false,
			},
			{
				start: 0xf0810000,
				end: 0xf0821000,
				bytes: 69632,
				caller: 'gic_of_setup+0x38/0xf8',
				physical: 0x08000000,
				physicalDigits: 8,
				words: ['ioremap'],
				isLazy: false,
			},
			{
				start: 0xf8003000,
				end: 0xf8007000,
				bytes: 16384,
				caller: 'n_tty_open+0xe/0x82',
				pages: 3,
				words: ['vmalloc'],
				isLazy: false,
			},
			expect.objectContaining({ caller: 'lv+0xe/0x59 [mmprobe]', pages: 3 }),
			{ start: 0xf7c16000, end: 0xf7c19000, bytes: 12288, caller: '', words: [], isLazy: true },
			{ start: 0xf0a00000, end: 0xf0c00000, bytes: 2097152, caller: '', words: ['vm_map_ram'], isLazy: false },
		]);
	});

	it.each(['0x(ptrval)-0x(ptrval)', '0x(____ptrval____)-0x(____ptrval____)', '(ptrval)-(ptrval)'])(
		'reads %s as an address that is not told',
		range => {
			const [row] = read(`${range}    8192 hpet_enable+0xbc/0x3db phys=0xfed00000 ioremap\n`).vmalloc;
			expect(row?.value).toMatchObject({ start: undefined, end: undefined, bytes: 8192, physical: 0xfed00000 });
		},
	);

	it('does not take a flash partition in a boot log for a row', () => {
		const { vmalloc, damaged } = read('0x00000000-0x00040000 : "u-boot"\n0x00040000-0x00440000 : "kernel"\n');
		expect([vmalloc, damaged]).toEqual([[], []]);
	});

	it('keeps a row that is cut apart from the others', () => {
		const { vmalloc, damaged } = read('0xf0800000-0xf0803000   12288 a+0x1/0x2 pages=2 vmalloc\n0xf0804000-0xf08\n');
		expect([vmalloc.length, damaged.map(({ line }) => line)]).toEqual([1, [2]]);
	});
});

describe('/proc/zoneinfo', () => {
	it('gives counts, marks and the lists of each CPU', () => {
		const [zone] = read(`Node 0, zone   Normal
  per-node stats
      nr_inactive_anon 2793
  pages free     167535
        min      860
        low      1075
        high     1290
        spanned  196608
        present  196608
        managed  188561
        protection: (0, 9040, 9040)
      nr_free_pages 167535
      nr_free_cma  30299
  pagesets
    cpu: 0
              count: 14
              high:  186
              batch: 31
  vm stats threshold: 24
    cpu: 1
              count: 163
              high:  186
              batch: 31
  node_unreclaimable:  0
  start_pfn:           262144
`).zones;
		expect(zone?.value).toEqual({
			node: 0,
			name: 'Normal',
			free: 167535,
			min: 860,
			low: 1075,
			high: 1290,
			spanned: 196608,
			present: 196608,
			managed: 188561,
			startPfn: 262144,
			freeCma: 30299,
			pageSets: new Map([
				[0, { count: 14, high: 186, batch: 31 }],
				[1, { count: 163, high: 186, batch: 31 }],
			]),
		});
	});

	it('ends the numbers of one zone where the next begins', () => {
		const { zones } = read(`Node 0, zone      DMA
  pages free     3824
        min      190
Node 0, zone  HighMem
  pages free     501
        min      36
`);
		expect(zones.map(({ value }) => [value.name, value.free, value.min])).toEqual([
			['DMA', 3824, 190],
			['HighMem', 501, 36],
		]);
	});
});

describe('the other files', () => {
	it('/proc/buddyinfo counts free blocks by order, eleven or twelve of them', () => {
		const { buddy } = read(`Node 0, zone   Normal     11   38    8   39    3   46   11    5    2    2   56 
Node 0, zone  HighMem      0      1      2      3      2      0      0      0      0      0      0      4
`);
		expect(buddy.map(({ value }) => value)).toEqual([
			{ zone: 'Normal', counts: [11, 38, 8, 39, 3, 46, 11, 5, 2, 2, 56] },
			{ zone: 'HighMem', counts: [0, 1, 2, 3, 2, 0, 0, 0, 0, 0, 0, 4] },
		]);
	});

	it('/proc/cpuinfo of an ARM machine counts CPUs and names the main one', () => {
		const { cpu } = read(`processor	: 0
model name	: ARMv7 Processor rev 1 (v7l)
CPU implementer	: 0x41
CPU architecture: 7
CPU part	: 0xc0f

processor	: 1
model name	: ARMv7 Processor rev 1 (v7l)

Hardware	: Generic DT based system
`);
		expect(cpu.arch?.value).toBe('arm');
		expect([cpu.count?.value, cpu.mainId?.value, cpu.hardware?.value]).toEqual([
			2,
			0x4100c0f0,
			'Generic DT based system',
		]);
	});

	it('/proc/cpuinfo of a PC', () => {
		const { cpu } = read('processor\t: 0\nvendor_id\t: GenuineIntel\nmodel name\t: Pentium III\nflags\t\t: fpu pae\n');
		expect([cpu.arch?.value, cpu.count?.value, cpu.name?.value]).toEqual(['x86', 1, 'Pentium III']);
	});

	it('/proc/cmdline is a line of such words, /proc/version the line that a boot begins with', () => {
		expect(read('console=ttyS0,115200 root=/dev/mmcblk0p2 vmalloc=400M\n').commandLine?.value).toContain(
			'vmalloc=400M',
		);
		expect(read('Linux version 4.19.44 (a@b) (gcc) #1 SMP\n').version?.line).toBe(1);
		expect(read('just one line of text\n').commandLine).toBeUndefined();
	});

	it('may stand one after the other in one text, quoted, with CRLF and colours', () => {
		const text =
			'> MemTotal:  1019916 kB\r\n> \u001b[1mHighTotal:        0 kB\u001b[0m\r\n> 40000000-7fffffff : System RAM\r\n';
		const { meminfo, ram } = read(text);
		expect([meminfo.get('MemTotal')?.value, meminfo.get('HighTotal')?.line, ram[0]?.line]).toEqual([1019916, 2, 3]);
	});
});

describe('signs of a 64-bit kernel', () => {
	it.each([
		['VmallocTotal:   34359738367 kB', 'VmallocTotal 34359738367 kB'],
		['DirectMap1G:    16777216 kB', 'DirectMap1G'],
		[
			'Node 0, zone    DMA32      5      3      4      3      3      4      4      3      3      2    500',
			'zone DMA32',
		],
		[
			'0xffffc90000000000-0xffffc90000005000   20480 irq_init_percpu_irqstack+0xcf/0x100 vmap',
			'address 0xffffc90000000000',
		],
		['100000000-203fffffff : System RAM', 'System RAM up to 0x203fffffff'],
		['processor\t: 0\nCPU implementer\t: 0x41\nCPU architecture: 8', 'CPU architecture 8'],
	])('%s', (text, sign) => {
		expect(read(`${text}\nMemTotal: 1 kB\n`).wide?.value).toBe(sign);
	});
});
