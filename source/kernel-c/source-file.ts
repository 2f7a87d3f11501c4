import { UserError } from '../machine/user-error.ts';
import type { Text } from '../phrases/phrase.ts';

/** Where something stands in the user's text, both from 1. */
export interface Place {
	readonly line: number;
	readonly column: number;
}

/** A text of the user's with its name, for messages. The command bar has none: its places read `1:7`. */
export class SourceFile {
	constructor(
		readonly text: string,
		readonly name?: string,
	) {
		if (text.includes('\0')) {
			throw new UserError('this is not text', name ?? '1:1', 'give the C source, not the compiled module');
		}
		const invalid = text.indexOf('\ufffd');
		if (invalid >= 0) {
			const before = text.slice(0, invalid).split('\n');
			const place = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
			throw this.error(place, 'this text is not valid UTF-8', 'save the file as UTF-8');
		}
	}

	/** `kmap.c:12:7`, or `1:7` for the command bar. */
	where(place: Place): string {
		const position = `${place.line}:${place.column}`;
		return this.name === undefined ? position : `${this.name}:${position}`;
	}

	error(place: Place, message: Text, hint?: Text): UserError {
		return new UserError(message, this.where(place), hint);
	}
}
