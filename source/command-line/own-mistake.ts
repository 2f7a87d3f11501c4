import { printable } from '../machine/user-error.ts';
import { phrase, type Say } from '../phrases/phrase.ts';

/** One line for an error that is no mistake of the user: what it was, and the place that whoever mends it looks for. */
export const ownMistake = (error: unknown, say: Say): string => {
	const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
	const place = error instanceof Error ? /^\s+at (.*)$/m.exec(error.stack ?? '')?.[1] : undefined;
	const told = place === undefined ? what : `${what} (${place})`;
	return printable(say(phrase('highmem: a mistake of its own ended it, please report: {error}', { error: told })));
};
