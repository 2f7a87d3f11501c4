import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { computeLayout } from '../../../source/layout/compute-layout.ts';
import { hex } from '../../../source/machine/address.ts';
import { readFiles } from './boards.ts';

interface Recorded {
	readonly run: string;
	readonly kernel: string;
	readonly arch: 'arm' | 'x86';
	readonly ramMiB: number;
	readonly cmdline: string;
	readonly config: { readonly pae: boolean; readonly highmem: boolean; readonly lpae: boolean };
	readonly constants: Readonly<Record<string, string | number>>;
	/** Name, first frame, spanned, present. */
	readonly zones: readonly (readonly [string, number, number, number])[];
}

/** What real kernels recorded about themselves. */
const RUNS = (
	JSON.parse(
		readFileSync(new URL('../../fixtures/oracle-layouts.json', import.meta.url), 'utf8'),
	) as readonly Recorded[]
).filter(({ zones, constants }) => zones.length > 0 && constants.VMALLOC_END !== undefined);

const lastByte = (endPfn: number): string => (endPfn * 4096 - 1).toString(16).padStart(8, '0');
const hexPages = (pfn: number): string => (pfn * 4096).toString(16).padStart(8, '0');

/** The files of /proc in which such a kernel would have said it. */
const filesOf = ({ run, kernel, arch, cmdline, config, constants, zones }: Recorded): Record<string, string> => {
	const distribution = arch === 'arm' ? '-20-armmp' : config.pae ? '-20-686-pae' : '-20-686';
	const end = Math.max(...zones.map(([, start, spanned]) => start + spanned));
	const first = Math.min(...zones.map(([, start]) => start));
	const ram =
		arch === 'arm'
			? `${hexPages(first)}-${lastByte(end)} : System RAM\n`
			: `00001000-0009fbff : System RAM\n00100000-${lastByte(Math.min(end, 0xbffe0))} : System RAM\n` +
				(end > 0x100000 ? `100000000-${lastByte(end)} : System RAM\n` : '');
	const highmem = zones.find(([name]) => name === 'HighMem');
	const vmallocKb = (Number(constants.VMALLOC_END) - Number(constants.VMALLOC_START)) / 1024;
	return {
		iomem: ram,
		version: `Linux version ${kernel}${run.startsWith('deb') ? distribution : ''} (a@b) (${arch === 'arm' ? 'arm-linux-gnueabihf-gcc' : 'i686-gcc'}) #1 SMP\n`,
		cmdline: `console=ttyS0 root=/dev/ram ${cmdline}\n`,
		meminfo: `MemTotal: 100000 kB\n${config.highmem ? `HighTotal: ${(highmem?.[3] ?? 0) * 4} kB\n` : ''}VmallocTotal: ${vmallocKb} kB\n${arch === 'x86' ? `DirectMap${config.pae ? 2 : 4}M: 8192 kB\n` : ''}`,
		vmallocinfo: `0x(ptrval)-0x(ptrval) 8192 a+0x1/0x2 phys=0x${'8000000'.padStart(config.pae || config.lpae ? 16 : 8, '0')} ioremap\n`,
		zoneinfo: zones
			.map(
				([name, start, spanned, present]) =>
					`Node 0, zone ${name}\n  pages free 1000\n  spanned ${spanned}\n  present ${present}\n  start_pfn: ${start}\n`,
			)
			.join(''),
	};
};

describe('the layout of a recorded kernel comes out of its /proc alone', () => {
	it.each(RUNS.map(run => [run.run, run] as const))('%s', (_, run) => {
		const { log } = readFiles(filesOf(run));
		const layout = computeLayout(log.machine);
		const { PAGE_OFFSET, high_memory, VMALLOC_START, VMALLOC_END, PKMAP_BASE } = run.constants;
		expect({
			PAGE_OFFSET: hex(layout.pageOffset),
			high_memory: hex(layout.highMemory),
			VMALLOC_START: hex(layout.vmallocStart),
			VMALLOC_END: hex(layout.vmallocEnd),
			PKMAP_BASE: layout.pkmap ? hex(layout.pkmap.base) : undefined,
		}).toEqual({ PAGE_OFFSET, high_memory, VMALLOC_START, VMALLOC_END, PKMAP_BASE });
	});

	it('covers every recorded kernel', () => {
		expect(RUNS.length).toBeGreaterThan(70);
	});
});
