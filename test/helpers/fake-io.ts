import type { Io } from '../../source/command-line/io.ts';
import { main } from '../../source/command-line/main.ts';
import { UserError } from '../../source/machine/user-error.ts';
import { phrase } from '../../source/phrases/phrase.ts';

type Files = Readonly<Record<string, string | Buffer>>;

export interface RunOutput {
	readonly status: number;
	readonly out: string;
	readonly err: string;
	readonly written: ReadonlyMap<string, string>;
}

/** A world with files that exist only here, and what was printed and written in it. */
export const fakeIo = (files: Files = {}, overrides: Partial<Io> = {}) => {
	const output = { out: '', err: '', written: new Map<string, string>() };
	const contents = (path: string): Buffer => {
		const file = Object.hasOwn(files, path) ? files[path] : undefined;
		if (file !== undefined) return Buffer.from(file);
		const reason = phrase('cannot be read: {reason}', { reason: phrase('no such file') });
		throw new UserError(reason, path, 'check the path');
	};
	const io: Io = {
		out: text => {
			output.out += text;
		},
		err: text => {
			output.err += text;
		},
		readFile: contents,
		readChunks: (path, take) => take(contents(path)),
		listFolder: path => {
			const names = Object.keys(files).filter(name => name.startsWith(`${path.replace(/\/$/, '')}/`));
			const own = names.map(name => name.slice(name.lastIndexOf('/') + 1)).filter(name => !name.startsWith('.'));
			return names.length === 0 ? undefined : own.sort();
		},
		writeFile: (path, text) => void output.written.set(path, text),
		writeNewFile: (path, text) => void output.written.set(path, text),
		isTerminal: false,
		env: {},
		version: '0.0.0',
		...overrides,
	};
	return { io, output };
};

/** Run the command in this process with files that exist only here, and no terminal. */
export const highmem = async (argv: readonly string[], files: Files = {}): Promise<RunOutput> => {
	const { io, output } = fakeIo(files);
	const status = await main(argv, io);
	return { status, ...output };
};
