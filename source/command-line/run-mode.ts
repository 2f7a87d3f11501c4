import { printable } from '../machine/user-error.ts';
import { sayIn } from '../phrases/say.ts';
import { runFiles } from '../session/run-files.ts';
import type { CommandLine } from './flags.ts';
import type { Io } from './io.ts';
import { chosenLanguage } from './language.ts';
import { noteReport } from './log-report.ts';
import { chosenBoard, chosenMachine, isMachineChosen } from './machine-flags.ts';
import { startState } from './start-state.ts';

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
