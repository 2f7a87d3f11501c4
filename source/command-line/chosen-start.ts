import type { Machine } from '../machine/machine.ts';
import type { Flags } from './flags.ts';
import type { Io } from './io.ts';
import type { Board } from './read-log.ts';
import type { StartState } from './start-state.ts';

/** Where a session starts. What reads YAML and makes states is loaded only where there is one. @throws {UserError} */
export const chosenStart = async (
	flags: Flags,
	io: Io,
	board: Board | undefined,
	machine: Machine,
): Promise<StartState> => {
	if (!board && flags.bootState === undefined) return { bootState: undefined, notes: [] };
	return (await import('./start-state.ts')).startState(flags, io, board, machine);
};
