import { machineFromFlags } from '../machine/from-flags.ts';
import type { Machine } from '../machine/machine.ts';
import type { Flags } from './flags.ts';

const picked = ({ machine, arch, kernel, ram, split, vmalloc, highmem, pae, lpae, nrCpus, cpus, cmdline }: Flags) => ({
	machine,
	arch,
	kernel,
	ram,
	split,
	vmalloc,
	highmem,
	pae,
	lpae,
	nrCpus,
	cpus,
	cmdline,
});

/** The machine that the command line describes. @throws {UserError} */
export const chosenMachine = (flags: Flags): Machine => machineFromFlags(picked(flags));

/** Whether any flag says something about the machine, so that a scenario's own machine gives way to it. */
export const isMachineChosen = (flags: Flags): boolean =>
	Object.values(picked(flags)).some(value => value !== undefined);
