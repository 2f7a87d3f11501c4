import { phrase } from '../phrases/phrase.ts';
import { ARM_MACHINES } from './arm-machines.ts';
import { closest } from './closest.ts';
import type { Machine } from './machine.ts';
import { UserError } from './user-error.ts';
import { X86_MACHINES } from './x86-machines.ts';

/** The ready-made machines, ARM first. */
export const MACHINES: readonly Machine[] = [...ARM_MACHINES, ...X86_MACHINES];

/** What opens when the user names no machine: the documents' board. */
export const DEFAULT_MACHINE_ID = 'imx6q-2g';

/**
 * The ready-made machine called `id`.
 * @param where What the error names as the place of the mistake.
 * @throws {UserError} when there is none; it proposes the nearest name.
 */
export const findMachine = (id: string, where = '--machine'): Machine => {
	const machine = MACHINES.find(candidate => candidate.id === id);
	if (machine) return machine;
	const meant =
		closest(
			id,
			MACHINES.map(candidate => candidate.id),
		) ?? MACHINES.find(candidate => id !== '' && candidate.id.startsWith(id))?.id;
	throw new UserError(
		phrase('no machine is called "{id}"', { id }),
		where,
		meant ? phrase('did you mean {meant}? "highmem machines" lists them', { meant }) : '"highmem machines" lists them',
	);
};
