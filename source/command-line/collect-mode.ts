import { UserError } from '../machine/user-error.ts';
import { phrase, verbatim } from '../phrases/phrase.ts';
import { collectScript } from './collect-script.ts';
import type { CommandLine } from './flags.ts';
import type { Io } from './io.ts';
import { STATUS } from './status.ts';

/** `highmem collect`: the script that gathers on a machine what `--from` reads. */
export const collectMode = ({ files: [file] }: CommandLine, io: Io): number => {
	if (file !== undefined) {
		throw new UserError(
			phrase('{command} takes no file', { command: 'collect' }),
			file,
			verbatim('highmem collect | ssh board sh > board.txt'),
		);
	}
	io.out(collectScript());
	return STATUS.done;
};
