import { closeSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import packageJson from '../../package.json' with { type: 'json' };
import { UserError } from '../machine/user-error.ts';
import { phrase } from '../phrases/phrase.ts';

/** What a mode may touch of the world outside. */
export interface Io {
	out(text: string): void;
	err(text: string): void;
	/** @throws {UserError} when the file cannot be read. */
	readFile(path: string): Buffer;
	/**
	 * Give a file of any size to `take` piece by piece; `-` is standard input. A piece is valid until `take` returns.
	 * @throws {UserError} when the file cannot be read.
	 */
	readChunks(path: string, take: (chunk: Uint8Array) => void): void;
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
		readChunks,
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

const CHUNK_BYTES = 1 << 20;
const STANDARD_INPUT = 0;

const readChunks: Io['readChunks'] = (path, take) => {
	const file = path === '-' ? STANDARD_INPUT : attempt(path, 'read', () => openSync(path, 'r'));
	const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
	try {
		for (;;) {
			const length = attempt(path, 'read', () => readSome(file, buffer));
			if (length === 0) return;
			take(buffer.subarray(0, length));
		}
	} finally {
		if (file !== STANDARD_INPUT) closeSync(file);
	}
};

/** A pipe that does not block says so when it has nothing yet. */
const readSome = (file: number, buffer: Buffer): number => {
	for (;;) {
		try {
			return readSync(file, buffer);
		} catch (error) {
			const { code } = error as NodeJS.ErrnoException;
			if (code === 'EOF') return 0;
			if (code !== 'EAGAIN') throw error;
			Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
		}
	}
};

const attempt = <T>(path: string, deed: string, action: () => T): T => {
	try {
		return action();
	} catch (error) {
		const code = (error as NodeJS.ErrnoException).code ?? '';
		throw new UserError(
			phrase('cannot be {deed}: {code}', { deed, code: REASONS[code] ?? code }),
			path,
			'check the path',
		);
	}
};
