import { UserError } from '../machine/user-error.ts';
import { phrase } from '../phrases/phrase.ts';
import type { Io } from './io.ts';

/** The lessons that are shipped beside the command: `01-layout.yaml`, `02-kmap-counts.yaml`, ... */
export class Lessons {
	readonly #paths: readonly string[];

	constructor(io: Io, folder = new URL('../scenarios/lessons/', import.meta.url).pathname) {
		const names = (io.listFolder(folder) ?? []).filter(name => name.endsWith('.yaml'));
		// A lesson for another machine, `04-x-x86.yaml`, follows the one that it is a variant of, `04-x.yaml`.
		this.#paths = names
			.map(name => name.replace(/\.yaml$/, ''))
			.sort()
			.map(name => `${folder}${name}.yaml`);
	}

	/** The lesson after the one of that file name; the first one after anything else. Undefined after the last. */
	after(fileName: string | undefined): string | undefined {
		const at = this.#paths.findIndex(path => nameOf(path) === nameOf(fileName ?? ''));
		return this.#paths[at + 1];
	}

	/** @throws {UserError} when there is no lesson of that number. */
	numbered(number: number): string {
		const path = this.#paths.find(candidate => Number.parseInt(nameOf(candidate), 10) === number);
		if (path !== undefined) return path;
		const last = Number.parseInt(nameOf(this.#paths.at(-1) ?? ''), 10) || 0;
		throw new UserError(phrase('there is no lesson {number}', { number }), undefined, phrase('1 to {last}', { last }));
	}
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
