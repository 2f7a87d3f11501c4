import { describe, expect, it } from 'vitest';
import type { Border } from '../../../source/layout/border.ts';
import { computeLayout } from '../../../source/layout/compute-layout.ts';
import { borderSentence } from '../../../source/layout/explain/border-text.ts';
import { explain, namesOf } from '../../../source/layout/explain/explain.ts';
import { explanationLines } from '../../../source/layout/explain/explain-text.ts';
import { type MachineFlags, machineFromFlags } from '../../../source/machine/from-flags.ts';
import { KernelConfig } from '../../../source/machine/kernel-config/kernel-config.ts';
import type { Machine } from '../../../source/machine/machine.ts';
import { MACHINES } from '../../../source/machine/machines.ts';
import { UserError } from '../../../source/machine/user-error.ts';
import { explainEn } from '../../../source/messages/explain-en.ts';
import { explainZh } from '../../../source/messages/explain-zh.ts';

const borderOf = (machine: Machine, name: string): Border => {
	const border = computeLayout(machine).borders.get(name);
	if (!border) throw new Error(`${machine.id} has no border ${name}`);
	return border;
};
const sentence = (flags: MachineFlags, name: string): string =>
	borderSentence(borderOf(machineFromFlags(flags), name), explainEn);
const lines = (flags: MachineFlags, what: string): string[] =>
	explanationLines(explain(machineFromFlags(flags), what), explainEn);

describe('why a border lies there', () => {
	const cases: readonly [MachineFlags, string, string][] = [
		[
			{ machine: 'imx6q-1g' },
			'high_memory',
			'lowmem ends at 0xef800000: VMALLOC_END 0xff000000 - 240 MB - 8 MB, since RAM reaches further; kernel 3.3 to 4.3',
		],
		[
			{ machine: 'imx6q-2g' },
			'high_memory',
			'lowmem ends at 0xf0000000: VMALLOC_END 0xff800000 - 240 MB - 8 MB, since RAM reaches further; kernel 4.4 and later',
		],
		[
			{ machine: 'imx6q-2g', vmalloc: '512M' },
			'high_memory',
			'lowmem ends at 0xdf800000: VMALLOC_END 0xff800000 - 512 MB (vmalloc=), since RAM reaches further; kernel 4.4 to 5.13',
		],
		[
			{ machine: 'vexpress-a15-6.1', vmalloc: '512M' },
			'high_memory',
			'lowmem ends at 0xdf000000: VMALLOC_END 0xff800000 - 512 MB (vmalloc=) - 8 MB, since RAM reaches further; kernel 5.14 and later',
		],
		[
			{ machine: 'imx6q-1g', vmalloc: '4M' },
			'high_memory',
			'lowmem ends at 0xfe000000: VMALLOC_END 0xff000000 - 16 MB, since RAM reaches further, and what vmalloc= asks for was limited; kernel 3.3 to 4.3',
		],
		[
			{ machine: 'imx6ull-512m' },
			'high_memory',
			'lowmem ends at 0xe0000000: PAGE_OFFSET 0xc0000000 + 512 MB, as all RAM fits below what vmalloc space needs',
		],
		[
			{ machine: 'imx6q-1g' },
			'VMALLOC_START',
			'vmalloc space begins at 0xf0000000: high_memory 0xef800000 + 8 MB (VMALLOC_OFFSET), rounded down to 8 MB, so that a hole of at most 8 MB catches what runs over the end of lowmem',
		],
		[
			{ machine: 'imx6q-1g' },
			'VMALLOC_END',
			'vmalloc space ends at 0xff000000: the same for all machines; kernel 3.3 to 4.3',
		],
		[
			{ machine: 'tegra3-1g' },
			'VMALLOC_END',
			'vmalloc space ends at 0xf8000000: a constant of that platform, as all had before 3.3; kernel up to 3.2',
		],
		[
			{ machine: 'imx6q-2g' },
			'FIXADDR_TOP',
			'FIXADDR_TOP is 0xffeff000: FIXADDR_END 0xfff00000 - 1 page, the last page itself, from which the indices count down; kernel 3.19 and later',
		],
		[
			{ machine: 'imx6q-2g' },
			'PKMAP_BASE',
			'pkmap begins at 0xbfe00000: PAGE_OFFSET 0xc0000000 - 2 MB (PMD_SIZE), one page table below the kernel',
		],
		[
			{ machine: 'vexpress-a15-lpae-4g' },
			'high_memory',
			'lowmem ends at 0xf0000000: VMALLOC_END 0xff800000 - 240 MB - 8 MB, since RAM reaches further; kernel 4.4 and later',
		],
		[
			{ machine: 'laptop-2g-nopae' },
			'high_memory',
			'lowmem ends at 0xf77fe000: VMALLOC_END 0xff7fe000 - 128 MB (__VMALLOC_RESERVE), rounded down to 4 kB, since RAM reaches further; kernel 2.6.28 and later',
		],
		[
			{ machine: 'laptop-2g-nopae' },
			'PKMAP_BASE',
			'pkmap begins at 0xff800000: FIXADDR_START 0xfff17000 - 1025 pages (LAST_PKMAP + 1), rounded down to 4 MB, the first page table that holds all slots below the fixmap; kernel 3.19 to 4.14',
		],
		[
			{ machine: 'debian10-pae-4g' },
			'CPU_ENTRY_AREA_BASE',
			'the cpu_entry_area begins at 0xff400000: FIXADDR_TOT_START 0xff9fe000 - 1281 pages (CPU_ENTRY_AREA_PAGES + 1), rounded down to 2 MB, room for the entry pages of every CPU the kernel is built for; kernel 4.19 to 5.1',
		],
		[
			{ machine: 'debian10-pae-4g' },
			'FIXADDR_START',
			'the fixmap begins at 0xffd35000: FIXADDR_TOP 0xfffff000 - 714 pages (__end_of_permanent_fixed_addresses), one page for each index that stays after boot',
		],
		[
			{ machine: 'ubuntu904-2.5g' },
			'VMALLOC_END',
			'vmalloc space ends at 0xff3fe000: PKMAP_BASE 0xff400000 - 2 pages, two guard pages below what lies above it; kernel up to 3.18',
		],
		[
			{ machine: 'qemu-i386-512m', cmdline: 'highmem=128M' },
			'high_memory',
			'lowmem ends at 0xd7fe0000: PAGE_OFFSET 0xc0000000 + 524160 kB - 32768 pages (highmem=), as highmem= takes some of it for highmem',
		],
	];
	it.each(cases)('%o %s', (flags, name, expected) => {
		expect(sentence(flags, name)).toBe(expected);
	});

	it('in Chinese', () => {
		const machine = machineFromFlags({ machine: 'imx6q-1g' });
		expect(borderSentence(borderOf(machine, 'high_memory'), explainZh)).toBe(
			'低端内存结束于 0xef800000：VMALLOC_END 0xff000000 - 240 MB - 8 MB，因为内存不止这么多；内核 3.3 到 4.3',
		);
	});
});

describe('what would move a border', () => {
	it('is computed from the changed machine: lowmem of the i.MX6Q 1 GB', () => {
		expect(lines({ machine: 'imx6q-1g' }, 'high_memory')).toEqual([
			'high_memory = 0xef800000',
			'lowmem ends at 0xef800000: VMALLOC_END 0xff000000 - 240 MB - 8 MB, since RAM reaches further; kernel 3.3 to 4.3',
			'  in the kernel: arch/arm/mm/mmu.c: sanity_check_meminfo',
			'  what moves it:',
			'    --vmalloc 128M  0xf7000000  (+120 MB)',
			'    --vmalloc 512M  0xdf000000  (-264 MB)',
			'    --ram 512M      0xe0000000  (-248 MB)',
			'    --split 2G      0xc0000000  (-760 MB)',
			'    --split 1G      0x80000000  (-1784 MB)',
			'    --kernel 4.4    0xf0000000  (+8 MB)',
			'    --kernel 3.2    0xec000000  (-56 MB)',
		]);
	});

	it('is nothing for a constant of the architecture', () => {
		expect(lines({ machine: 'imx6q-1g' }, 'VECTORS_BASE').at(-1)).toBe('  what moves it: none of the usual changes');
	});

	it('is the number of CPUs for the x86 fixmap', () => {
		expect(lines({ machine: 'debian10-pae-4g' }, 'FIXADDR_START')).toContain(
			'    --nr-cpus 64              0xffab5000  (-2560 kB)',
		);
	});
});

describe('a row', () => {
	it('has both borders, each with its place in the kernel', () => {
		const text = lines({ machine: 'debian10-pae-4g' }, 'vmalloc');
		expect(text[0]).toBe('vmalloc: 0xf77fe000 - 0xfeffe000 (120 MB)');
		expect(text.filter(line => line.startsWith('start: ') || line.startsWith('end: '))).toEqual([
			'start: vmalloc space begins at 0xf77fe000: high_memory 0xf6ffe000 + 8 MB (VMALLOC_OFFSET), so that a hole catches what runs over the end of lowmem; kernel 2.6.28 and later',
			'end: vmalloc space ends at 0xfeffe000: PKMAP_BASE 0xff000000 - 2 pages, two guard pages below what lies above it; kernel 4.19 and later',
		]);
	});
});

describe('the modules row', () => {
	it('tells where modules go that find no room, with CONFIG_ARM_MODULE_PLTS', () => {
		const config = new KernelConfig('CONFIG_ARM_MODULE_PLTS=y\n', '.config');
		expect(lines({ machine: 'imx6q-2g', config }, 'modules').slice(0, 2)).toEqual([
			'modules: 0xbf000000 - 0xbfe00000 (14 MB)',
			'a module that finds no room here goes to vmalloc space (CONFIG_ARM_MODULE_PLTS)',
		]);
	});
});

describe('a symbol that is no border', () => {
	it('says what it stands for, and what moves it', () => {
		expect(lines({ machine: 'imx6q-2g' }, 'FIX_KMAP_END').slice(0, 2)).toEqual([
			'FIX_KMAP_END = 64',
			'an index of the fixmap: each stands for one page whose address is known when the kernel is built; it stands for the page at 0xffebf000',
		]);
		expect(lines({ machine: 'imx6q-2g' }, 'FIX_KMAP_END')).toContain('    --nr-cpus 8    128');
	});
});

describe.each(MACHINES)('$id', machine => {
	const layout = computeLayout(machine);

	it('explains every row and symbol with the value that the layout has', () => {
		for (const name of namesOf(layout)) {
			const found = explain(machine, name);
			for (const words of [explainEn, explainZh])
				expect(explanationLines(found, words).join('\n')).not.toMatch(/undefined|NaN/);
			const row = layout.rows.find(candidate => candidate.name === name);
			if (found.kind === 'row') {
				const { start, end } = found;
				if (row) expect([start.border.value, end.border.value]).toEqual([row.start, row.end]);
				expect(end.border.value).toBeGreaterThanOrEqual(start.border.value);
			} else {
				expect(found.kind).toBe('symbol');
				if (found.kind === 'symbol' && layout.symbols.has(name))
					expect(found.value >>> 0).toBe(layout.symbols.get(name));
			}
		}
	});

	it('explains each printed row as a row', () => {
		for (const { name } of layout.rows) expect(explain(machine, name)).toMatchObject({ kind: 'row', name });
	});

	it('derives each value from its steps', () => {
		for (const { value, steps } of layout.borders.values()) {
			let sum = 0;
			for (const step of steps) {
				if (step.op === 'round') sum -= sum % step.value;
				else sum += step.op === '+' ? step.value : -step.value;
			}
			expect(sum).toBe(value);
		}
	});

	it('counts from borders that it has itself', () => {
		for (const { steps } of layout.borders.values()) {
			for (const { as, name, value } of steps) {
				if (as === 'address' && name !== undefined)
					expect([name, layout.borders.get(name)?.value]).toEqual([name, value]);
			}
		}
	});
});

describe('what is not known', () => {
	const errorOf = (what: string): string => {
		try {
			explain(machineFromFlags({ machine: 'imx6q-2g' }), what);
		} catch (error) {
			if (error instanceof UserError) return error.line;
			throw error;
		}
		return '';
	};

	it.each([
		['high_memry', 'high_memry: is no address, row or symbol of this kernel (did you mean high_memory?)'],
		['0x100000000', '0x100000000: is no 32-bit virtual address (from 0x00000000 to 0xffffffff)'],
		['PKMAP_BASE+x', 'PKMAP_BASE+x: "x" is not a size (for example 512M or 2G)'],
	])('%s', (what, expected) => {
		expect(errorOf(what)).toBe(expected);
	});

	it('a row that other kernels have', () => {
		expect(() => explain(machineFromFlags({ machine: 'rpi2-1g' }), 'pkmap')).toThrow('is not there in this kernel');
	});

	it('takes names in any case, as there is only one', () => {
		expect(explain(machineFromFlags({ machine: 'imx6q-2g' }), 'Vmalloc_start')).toMatchObject({
			name: 'VMALLOC_START',
		});
	});
});
