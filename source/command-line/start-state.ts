import type { Machine } from '../machine/machine.ts';
import type { BootState } from '../memory/boot/boot-state.ts';
import type { Text } from '../phrases/phrase.ts';
import { parseBootState } from '../scenario/boot-state-file.ts';
import { boardState } from './board-state.ts';
import type { Flags } from './flags.ts';
import type { Io } from './io.ts';
import type { Board } from './read-log.ts';

/** The boot state that `--boot-state` names. @throws {UserError} */
const readBootState = ({ bootState }: Flags, io: Io): BootState | undefined =>
	bootState === undefined ? undefined : parseBootState(io.readFile(bootState).toString(), bootState);

/** Where a session starts, and what is to be said about it. */
export interface StartState {
	readonly bootState: BootState | undefined;
	readonly notes: readonly Text[];
}

/** The state of the board that `--from` names, with what `--boot-state` says put in its place. @throws {UserError} */
export const startState = (flags: Flags, io: Io, board: Board | undefined, machine: Machine): StartState => {
	const given = readBootState(flags, io);
	if (!board) return { bootState: given, notes: [] };
	const { state, notes } = boardState(board, machine);
	const all = [...board.log.notes, ...notes];
	return { bootState: state && given ? { ...state, ...given } : (given ?? state), notes: all };
};
