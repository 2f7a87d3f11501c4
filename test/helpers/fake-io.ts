import { main } from '../../source/command-line/main.ts';
import { UserError } from '../../source/machine/user-error.ts';
import { phrase } from '../../source/phrases/phrase.ts';

export interface RunOutput {
	readonly status: number;
	readonly out: string;
	readonly err: string;
	readonly written: ReadonlyMap<string, string>;
}

/** Run the command in this process with files that exist only here, and no terminal. */
export const highmem = async (
	argv: readonly string[],
	files: Readonly<Record<string, string | Buffer>> = {},
): Promise<RunOutput> => {
	let out = '';
	let err = '';
	const written = new Map<string, string>();
	const status = await main(argv, {
		out: text => {
			out += text;
		},
		err: text => {
			err += text;
		},
		readFile: path => {
			const file = Object.hasOwn(files, path) ? files[path] : undefined;
			if (file === undefined)
				throw new UserError(
					phrase('cannot be read: {reason}', { reason: phrase('no such file') }),
					path,
					'check the path',
				);
			return Buffer.from(file);
		},
		readChunks: (path, take) => {
			const file = Object.hasOwn(files, path) ? files[path] : undefined;
			if (file === undefined)
				throw new UserError(
					phrase('cannot be read: {reason}', { reason: phrase('no such file') }),
					path,
					'check the path',
				);
			take(Buffer.from(file));
		},
		listFolder: path => {
			const names = Object.keys(files).filter(name => name.startsWith(`${path.replace(/\/$/, '')}/`));
			const own = names.map(name => name.slice(name.lastIndexOf('/') + 1)).filter(name => !name.startsWith('.'));
			return names.length === 0 ? undefined : own.sort();
		},
		writeFile: (path, text) => void written.set(path, text),
		isTerminal: false,
		env: {},
		version: '0.0.0',
	});
	return { status, out, err, written };
};
