import type { Machine } from '../machine/machine.ts';
import { printable } from '../machine/user-error.ts';
import type { BootState } from '../memory/boot-state.ts';
import type { Text } from '../phrases/phrase.ts';
import { sayIn } from '../phrases/say.ts';
import { parseBootState } from '../scenario/boot-state-file.ts';
import { runFiles } from '../session/run-files.ts';
import { boardState } from './board-state.ts';
import type { CommandLine, Flags } from './flags.ts';
import type { Io } from './io.ts';
import { chosenLanguage } from './language.ts';
import { noteReport } from './log-report.ts';
import { chosenBoard, chosenMachine, isMachineChosen } from './machine-flags.ts';
import type { Board } from './read-log.ts';

/** `highmem run FILE...`: scenarios and modules without a screen; the kernel log on standard output. */
export const runMode = async ({ files, flags }: CommandLine, io: Io): Promise<number> => {
	const say = await sayIn(chosenLanguage(flags, io.env));
	const board = chosenBoard(flags, io);
	const machine = chosenMachine(flags, io, board);
	const { bootState, notes } = startState(flags, io, board, machine);
	io.err(noteReport(notes, say));
	const { status } = await runFiles(files, {
		machine,
		isMachineForced: isMachineChosen(flags),
		bootState,
		readFile: path => io.readFile(path).toString(),
		isJson: flags.json ?? false,
		print: text => io.out(`${text}\n`),
		complain: text => io.err(`${printable(say(text))}\n`),
	});
	return status;
};

/** The boot state that `--boot-state` names. @throws {UserError} */
export const readBootState = ({ bootState }: Flags, io: Io): BootState | undefined =>
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
