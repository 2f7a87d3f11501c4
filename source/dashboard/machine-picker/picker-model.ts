import { computeLayout } from '../../layout/compute-layout.ts';
import { PAGE_SIZE } from '../../machine/address.ts';
import { hasHighmem, type Machine } from '../../machine/machine.ts';
import type { Messages } from '../../messages/messages.ts';
import { bytesText } from '../painting/bytes-text.ts';
import { fittedRows } from '../painting/fitted-rows.ts';
import { fitText } from '../painting/text.ts';

const ID_COLUMNS = 20;
/** `4.15.0-39` is the longest release of a ready-made machine. */
const RELEASE_COLUMNS = 9;
export const LABEL_COLUMNS = ID_COLUMNS + 1 + RELEASE_COLUMNS;

/** One line of the machine list. */
export const pickerLabel = (machine: Machine): string =>
	`${machine.id.padEnd(ID_COLUMNS)} ${fitText(machine.kernel.text, RELEASE_COLUMNS)}`;

/** The highlighted machine, a fact a line. */
export const pickerDetails = (machine: Machine, messages: Messages, width: number): readonly string[] => {
	const words = messages.picker;
	const ram = machine.ram.reduce((sum, bank) => sum + bank.sizeBytes, 0);
	const fact = (name: string, value: string): string => messages.inspector.whole(name, [value]);
	const extensions = machine.arch === 'arm' ? (machine.lpae ? ' LPAE' : '') : machine.pae ? ' PAE' : '';
	const parameters = Object.entries(machine.parameters).map(([name, bytes]) => `${name}=${bytesText(bytes ?? 0)}`);
	return [
		machine.title,
		'',
		fact(words.kernel, `Linux ${machine.kernel.text} ${machine.arch}${extensions}`),
		fact(words.cpu, `${machine.cpu}, ${machine.cpusOnline}`),
		fact(words.ram, `${bytesText(ram)} (${ram / PAGE_SIZE} ${words.pages})`),
		fact(words.split, machine.split),
		fact(words.highmem, hasHighmem(machine) ? words.yes : words.no),
		...(parameters.length > 0 ? [fact(words.parameters, parameters.join(' '))] : []),
		'',
		...fittedRows(computeLayout(machine).rows, width),
	];
};
