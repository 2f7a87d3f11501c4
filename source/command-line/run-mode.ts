import { printable } from '../machine/user-error.ts';
import type { BootState } from '../memory/boot-state.ts';
import { sayIn } from '../phrases/say.ts';
import { parseBootState } from '../scenario/boot-state-file.ts';
import { runFiles } from '../session/run-files.ts';
import type { CommandLine, Flags } from './flags.ts';
import type { Io } from './io.ts';
import { chosenLanguage } from './language.ts';
import { chosenMachine, isMachineChosen } from './machine-flags.ts';

/** `highmem run FILE...`: scenarios and modules without a screen; the kernel log on standard output. */
export const runMode = async ({ files, flags }: CommandLine, io: Io): Promise<number> => {
	const say = await sayIn(chosenLanguage(flags, io.env));
	const { status } = await runFiles(files, {
		machine: chosenMachine(flags, io),
		isMachineForced: isMachineChosen(flags),
		bootState: readBootState(flags, io),
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
