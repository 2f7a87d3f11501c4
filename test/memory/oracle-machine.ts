import { machineFromFlags } from '../../source/machine/from-flags.ts';
import type { Machine } from '../../source/machine/machine.ts';

/** The flags of a machine on which a real kernel was recorded. */
export interface OracleFlags {
	readonly machine: string;
	readonly kernel: string;
	readonly ram: string;
	readonly highmem: boolean;
	readonly nrCpus: string;
	readonly cpus: string;
	readonly pae?: boolean | null;
	readonly zoneDma?: boolean | null;
	readonly ghes?: boolean | null;
	readonly errata798181?: boolean | null;
	readonly debugHighmem?: boolean | null;
	readonly split?: string | null;
}

/** The machine of a recording: QEMU's PC or ARM board with that kernel's configuration. */
export const oracleMachine = ({
	pae,
	zoneDma,
	ghes,
	errata798181,
	debugHighmem,
	split,
	...flags
}: OracleFlags): Machine => {
	const machine = machineFromFlags({
		...flags,
		...(typeof pae === 'boolean' ? { pae } : {}),
		...(typeof split === 'string' ? { split } : {}),
	});
	const debug = { ...machine.debug, highmem: debugHighmem ?? false, atomicSleep: false };
	if (machine.arch === 'arm') return { ...machine, debug, errata798181: errata798181 ?? false };
	return { ...machine, debug, zoneDma: zoneDma ?? false, fixmap: { ...machine.fixmap, ghes: ghes ?? false } };
};
