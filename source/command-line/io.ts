import { readFileSync, writeFileSync } from 'node:fs';
import packageJson from '../../package.json' with { type: 'json' };
import { UserError } from '../machine/user-error.ts';

/** What a mode may touch of the world outside. */
export interface Io {
	out(text: string): void;
	err(text: string): void;
	/** @throws {UserError} when the file cannot be read. */
	readFile(path: string): Buffer;
	/** @throws {UserError} when the file cannot be written. */
	writeFile(path: string, text: string): void;
	readonly isTerminal: boolean;
	readonly env: NodeJS.ProcessEnv;
	readonly version: string;
}

/** The running process's own streams and files. */
export const processIo = (): Io => {
	// A reader that goes away (`highmem layout | head -1`) ends the command, not with a stack trace.
	process.stdout.on('error', (error: NodeJS.ErrnoException) => {
		if (error.code === 'EPIPE') process.exit(0);
		throw error;
	});
	return {
		out: text => void process.stdout.write(text),
		err: text => void process.stderr.write(text),
		readFile: path => attempt(path, 'read', () => readFileSync(path)),
		writeFile: (path, text) => attempt(path, 'written', () => writeFileSync(path, text)),
		isTerminal: process.stdout.isTTY === true && process.stdin.isTTY === true,
		env: process.env,
		version: packageJson.version,
	};
};

const REASONS: Readonly<Record<string, string>> = {
	ENOENT: 'no such file',
	EISDIR: 'is a folder',
	EACCES: 'permission denied',
	ENOTDIR: 'a part of the path is no folder',
	ENOSPC: 'no space left',
	EROFS: 'the file system is read-only',
};

const attempt = <T>(path: string, deed: string, action: () => T): T => {
	try {
		return action();
	} catch (error) {
		const code = (error as NodeJS.ErrnoException).code ?? '';
		throw new UserError(`cannot be ${deed}: ${REASONS[code] ?? code}`, path, 'check the path');
	}
};
