import { UserError } from '../machine/user-error.ts';
import { phrase } from '../phrases/phrase.ts';
import { type Background, detectBackground } from '../terminal/background.ts';

/** `--background`, or what the terminal tells. @throws {UserError} for another one than those there are. */
export const chosenBackground = (
	flag: string | undefined,
	environment: Readonly<Record<string, string | undefined>>,
): Background => {
	if (flag === undefined) return detectBackground(environment);
	if (flag === 'dark' || flag === 'light') return flag;
	throw new UserError(phrase('"{text}" is no background', { text: flag }), '--background', 'dark or light');
};
