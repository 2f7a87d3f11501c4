/** Lines of one source are numbered below this. */
const LINES_APART = 2 ** 32;

/** A line of one of several files. */
export interface Place {
	readonly file: string;
	readonly line: number;
}

/**
 * The files that a machine is read from. So that a fact needs one number to say where it stands, line `n` of file `i` is
 * the place `i * 2^32 + n`; with one file a place is its line.
 */
export class SourcePlaces {
	readonly #files: string[] = [];

	/** @returns what is added to the line numbers of this file. */
	add(file: string): number {
		this.#files.push(file);
		return (this.#files.length - 1) * LINES_APART;
	}

	get files(): readonly string[] {
		return this.#files;
	}

	at(place: number): Place {
		return { file: this.#files[Math.floor(place / LINES_APART)] ?? '', line: place % LINES_APART };
	}

	/** `board.txt:12`. */
	text(place: number): string {
		const { file, line } = this.at(place);
		return `${file}:${line}`;
	}
}
