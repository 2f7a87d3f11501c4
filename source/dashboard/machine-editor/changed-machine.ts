import { type MachineFlags, machineWithFlags } from '../../machine/from-flags.ts';
import type { KernelParameters, Machine } from '../../machine/machine.ts';
import { FIELDS, type FieldId, PARAMETERS, type Texts, textsOf, YES } from './fields.ts';

/**
 * The machine that the texts describe: each field that says something else than the base is one flag of the command line.
 * @returns the very base when nothing was changed.
 * @throws {UserError} as `machineWithFlags` does; `where` is the flag.
 */
export const changedMachine = (base: Machine, texts: Texts): Machine => {
	const before = textsOf(base);
	const isChanged = (field: FieldId): boolean => texts[field].trim() !== before[field];
	if (!FIELDS.some(isChanged)) return base;
	const text = (field: FieldId): string | undefined => (isChanged(field) ? texts[field] : undefined);
	const choice = (field: FieldId): boolean | undefined => (isChanged(field) ? texts[field] === YES : undefined);
	const flags: MachineFlags = {
		ram: text('ram'),
		split: text('split'),
		vmalloc: texts.vmalloc.trim() === '' ? undefined : text('vmalloc'),
		highmem: choice('highmem'),
		[base.arch === 'arm' ? 'lpae' : 'pae']: choice('wide'),
		// As many CPUs as before come up, but no more than the kernel is built for.
		nrCpus: isChanged('cpus') ? texts.nrCpus : text('nrCpus'),
		cpus: text('cpus'),
		kernel: text('kernel'),
		cmdline: text('cmdline') ?? '',
	};
	const forgotten = [...(isChanged('vmalloc') ? ['vmalloc'] : []), ...(isChanged('cmdline') ? PARAMETERS : [])];
	return machineWithFlags({ ...base, parameters: without(base.parameters, forgotten) }, flags);
};

const without = (parameters: KernelParameters, names: readonly string[]): KernelParameters =>
	Object.fromEntries(Object.entries(parameters).filter(([name]) => !names.includes(name)));
