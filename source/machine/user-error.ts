import { asPhrase, english, type Phrase, phrase, type Text } from '../phrases/phrase.ts';

/**
 * A mistake of the user: a wrong flag, an unreadable file, C that does not parse. Shown as one line and never as a
 * stack trace; the command line ends with status 2. What it says is a phrase, put into the user's language where it is
 * shown; `message` and `line` are the English.
 */
export class UserError extends Error {
	override readonly name = 'UserError';

	/**
	 * @param text What is wrong.
	 * @param where Where it stands: `--ram`, `kmap.c:12:7`, `lesson.yaml:3:5`.
	 * @param hint How to mend it.
	 */
	constructor(
		readonly text: Text,
		readonly where?: string,
		readonly hint?: Text,
	) {
		super(english(text));
	}

	/** `message (hint)`, for whoever shows the place in another way. */
	get withoutPlace(): Phrase {
		const { hint } = this;
		const message = asPhrase(this.text);
		return hint === undefined ? message : phrase('{message} ({hint})', { message, hint: asPhrase(hint) });
	}

	/** `where: message (hint)`. */
	get whole(): Phrase {
		const { where, withoutPlace: message } = this;
		return where === undefined ? message : phrase('{where}: {message}', { where, message });
	}

	/** The whole in English, on one line and free of control characters. */
	get line(): string {
		return printable(english(this.whole));
	}
}

/** Text from outside with every control character made visible, so that it can never steer the terminal. */
export const printable = (text: string): string =>
	text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, character =>
		character === '\t' || character === '\n'
			? ' '
			: `\\x${(character.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`,
	);
