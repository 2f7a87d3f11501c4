import { machineFromFlags } from '../../source/machine/from-flags.ts';
import type { Machine } from '../../source/machine/machine.ts';
import recorded from '../fixtures/oracle-layouts.json' with { type: 'json' };

/** One boot of a real kernel under an emulator: what it was given and the numbers it printed. */
export type RecordedRun = (typeof recorded)[number];

/** Every recorded boot. */
export const recordedRuns: readonly RecordedRun[] = recorded;

/** The emulated machine with that kernel. */
export const machineOfRun = ({ arch, kernel, ramMiB, cmdline, config }: RecordedRun): Machine => {
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
	return machine.arch === 'arm'
		? { ...machine, ...common, ...(config.zoneDma ? { dmaZone: 'lowmem' as const } : {}) }
		: { ...machine, ...common, zoneDma: config.zoneDma, fixmap: { ...machine.fixmap, ghes: config.ghes } };
};
