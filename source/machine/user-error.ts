/**
 * A mistake of the user: a wrong flag, an unreadable file, C that does not parse. Shown as one line and never as a
 * stack trace; the command line ends with status 2.
 */
export class UserError extends Error {
	override readonly name = 'UserError';

	/**
	 * @param message What is wrong.
	 * @param where Where it stands: `--ram`, `kmap.c:12:7`, `lesson.yaml:3:5`.
	 * @param hint How to mend it.
	 */
	constructor(
		message: string,
		readonly where?: string,
		readonly hint?: string,
	) {
		super(message);
	}

	/** `where: message (hint)` on one line, free of control characters. */
	get line(): string {
		const where = this.where === undefined ? '' : `${this.where}: `;
		const hint = this.hint === undefined ? '' : ` (${this.hint})`;
		return printable(`${where}${this.message}${hint}`);
	}
}

/** Text from outside with every control character made visible, so that it can never steer the terminal. */
export const printable = (text: string): string =>
	text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, character =>
		character === '\t' || character === '\n'
			? ' '
			: `\\x${(character.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`,
	);
