import { hex } from '../machine/address.ts';
import { type Architecture, hasHighmem, type Machine, machineTitle, ramBytesOf } from '../machine/machine.ts';
import { english } from '../phrases/phrase.ts';

/** What a program needs to know of a machine. */
export interface MachineJson {
	readonly id: string;
	readonly title: string;
	readonly arch: Architecture;
	readonly kernel: string;
	readonly cpu: string;
	readonly cpus: number;
	readonly nrCpus: number;
	readonly ramBytes: number;
	readonly ram: readonly { readonly base: string; readonly bytes: number }[];
	readonly split: string;
	readonly highmem: boolean;
	readonly parameters: Readonly<Record<string, number>>;
	readonly pae?: boolean;
	readonly lpae?: boolean;
}

export const machineJson = (machine: Machine): MachineJson => ({
	id: machine.id,
	title: english(machineTitle(machine)),
	arch: machine.arch,
	kernel: machine.kernel.text,
	cpu: machine.cpu,
	cpus: machine.cpusOnline,
	nrCpus: machine.nrCpus,
	ramBytes: ramBytesOf(machine),
	ram: machine.ram.map(({ base, sizeBytes }) => ({ base: hex(base), bytes: sizeBytes })),
	split: machine.split,
	highmem: hasHighmem(machine),
	parameters: { ...machine.parameters },
	...(machine.arch === 'arm' ? { lpae: machine.lpae } : { pae: machine.pae }),
});
