import type { KernelParameters, Machine } from '../../machine/machine.ts';
import { hasHighmem } from '../../machine/machine.ts';
import { ramText, sizeFlag } from '../../machine/ram-text.ts';
import { PAGE_OFFSETS } from '../../machine/split.ts';
import type { UserError } from '../../machine/user-error.ts';

/** What can be changed, in the order of the screen. `wide`: PAE or LPAE, whichever the architecture has. */
export const FIELDS = ['ram', 'split', 'vmalloc', 'highmem', 'wide', 'nrCpus', 'cpus', 'kernel', 'cmdline'] as const;

export type FieldId = (typeof FIELDS)[number];

/** What stands in each field. */
export type Texts = Readonly<Record<FieldId, string>>;

export const YES = 'yes';
export const NO = 'no';

/** The fields filled in with what a machine is. */
export const textsOf = (machine: Machine): Texts => ({
	ram: ramText(machine),
	split: machine.split,
	vmalloc: machine.parameters.vmalloc === undefined ? '' : sizeFlag(machine.parameters.vmalloc),
	highmem: hasHighmem(machine) ? YES : NO,
	wide: (machine.arch === 'arm' ? machine.lpae : machine.pae) ? YES : NO,
	nrCpus: String(machine.nrCpus),
	cpus: String(machine.cpusOnline),
	kernel: machine.kernel.text,
	cmdline: PARAMETERS.flatMap(name => {
		const bytes = machine.parameters[name];
		return bytes === undefined ? [] : [`${name}=${sizeFlag(bytes)}`];
	}).join(' '),
});

/** Parameters of the kernel command line that have no field of their own. */
export const PARAMETERS = ['mem', 'highmem', 'reservetop'] as const satisfies readonly (keyof KernelParameters)[];

/** The choices of a field that takes nothing else; none where it is typed. */
export const choicesOf = (field: FieldId, { arch }: Machine): readonly string[] => {
	if (field === 'highmem' || field === 'wide') return [NO, YES];
	if (field !== 'split') return [];
	return Object.keys(PAGE_OFFSETS).filter(split => arch === 'x86' || split !== '2G_opt');
};

const FLAGS: Readonly<Record<string, FieldId>> = {
	'--ram': 'ram',
	'--split': 'split',
	'--vmalloc': 'vmalloc',
	'--highmem': 'highmem',
	'--pae': 'wide',
	'--lpae': 'wide',
	'--nr-cpus': 'nrCpus',
	'--cpus': 'cpus',
	'--kernel': 'kernel',
	'--cmdline': 'cmdline',
};

/** The field that says what a flag of the command line says. */
export const fieldAt = (where: UserError['where']): FieldId | undefined =>
	typeof where === 'string' ? FLAGS[where] : undefined;
