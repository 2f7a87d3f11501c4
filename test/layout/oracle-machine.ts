import { machineFromFlags } from '../../source/machine/from-flags.ts';
import type { Machine } from '../../source/machine/machine.ts';
import recorded from '../fixtures/oracle-layouts.json' with { type: 'json' };

/** One boot of a real kernel under an emulator: what it was given and the numbers it printed. */
export type RecordedRun = (typeof recorded)[number];

/** Every recorded boot. */
export const recordedRuns: readonly RecordedRun[] = recorded;

/** The emulated machine with that kernel. */
export const machineOfRun = ({ run, arch, kernel, ramMiB, cmdline, config }: RecordedRun): Machine => {
	const machine = machineFromFlags({
		machine: arch === 'arm' ? (config.lpae ? 'vexpress-a15-lpae-4g' : 'vexpress-a15-6.1') : 'qemu-i386-512m',
		kernel,
		ram: arch === 'arm' ? `${ramMiB}M@0x40000000` : `${ramMiB}M`,
		split: config.split,
		highmem: config.highmem,
		nrCpus: String(config.nrCpus),
		cpus: String(config.cpus),
		cmdline,
		...(arch === 'x86' ? { pae: config.pae } : {}),
	});
	const { maxOrder, structPageBytes } = config;
	const common = { maxOrder, structPageBytes, debug: { ...machine.debug, highmem: config.debugHighmem } };
	if (machine.arch === 'x86')
		return { ...machine, ...common, zoneDma: config.zoneDma, fixmap: { ...machine.fixmap, ghes: config.ghes } };
	const board = { ...machine, ...common, ...(config.zoneDma ? { dmaZone: 'lowmem' as const } : {}) };
	// Only Debian's kernels have a CMA.
	const { cma: _, ...plain } = board;
	return run.startsWith('arm-419') ? plain : board;
};

/** The machine whose page table entries were recorded, with what the fixture of layouts leaves out. */
export const machineOfPtes = (name: string): Machine => {
	const run = recordedRuns.find(candidate => candidate.run === name);
	if (!run) throw new Error(`${name} is not recorded`);
	const machine = machineOfRun(run);
	// Debian's PAE kernels isolate page tables; the small kernels of the other recordings do not.
	if (machine.arch === 'x86') return { ...machine, pti: name.startsWith('deb510-686-pae') };
	if (!name.startsWith('arm-419')) return machine;
	// No CMA, and 2.5 MB of kernel, as its Memory: line tells; the usual image here would reach beyond 16 MB.
	const [start] = machine.sections.text;
	const end = start + 0x300000;
	const { cma: _, ...plain } = machine;
	return { ...plain, sections: { text: [start, end], init: [end, end], data: [end, end] } };
};
