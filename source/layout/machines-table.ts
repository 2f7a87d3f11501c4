import { MiB } from '../machine/address.ts';
import { type Machine, ramBytesOf } from '../machine/machine.ts';
import type { Say, Text } from '../phrases/phrase.ts';
import { alignColumns } from './columns.ts';

const HEADINGS = ['ID', 'ARCH', 'KERNEL', 'CPU', 'RAM', 'MACHINE'] as const satisfies readonly Text[];

/** `highmem machines`: one line a machine, in aligned columns. */
export const machinesTable = (machines: readonly Machine[], say: Say): string => {
	const table = machines.map(machine => [
		machine.id,
		machine.arch,
		machine.kernel.text,
		machine.cpu,
		`${Math.round(ramBytesOf(machine) / MiB)}M`,
		machine.title,
	]);
	return alignColumns([HEADINGS.map(say), ...table])
		.map(line => `${line}\n`)
		.join('');
};
