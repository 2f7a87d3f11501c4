import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { UserError } from '../machine/user-error.ts';
import { asPhrase, type PlainPhrase, phrase, verbatim } from '../phrases/phrase.ts';

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
	/** Names of the plain files in a folder, sorted; undefined when it is no folder. @throws {UserError} */
	listFolder(path: string): readonly string[] | undefined;
	/** @throws {UserError} when the file cannot be written. */
	writeFile(path: string, text: string): void;
	/** @throws {UserError} also when the file is there already. */
	writeNewFile(path: string, text: string): void;
	readonly isTerminal: boolean;
	/** Width of the terminal that standard output is; absent in a pipe. */
	readonly columns?: number | undefined;
	readonly env: NodeJS.ProcessEnv;
	readonly version: string;
}

/**
 * The running process's own streams and files.
 * @param onUnwritable Told why standard output cannot be written; the command is to end then.
 */
export const processIo = (onUnwritable: (error: UserError) => void): Io => {
	process.stdout.on('error', (error: NodeJS.ErrnoException) => {
		// A reader that goes away (`highmem layout | head -1`) ends the command without a word.
		if (error.code === 'EPIPE') process.exit(0);
		onUnwritable(mistakeOf(error, 'standard output', 'cannot be written: {reason}'));
	});
	// There is nowhere left to say why.
	process.stderr.on('error', () => {});
	return {
		out: text => void process.stdout.write(text),
		err: text => void process.stderr.write(text),
		readFile: path => attempt(path, 'cannot be read: {reason}', () => readFileSync(path)),
		readChunks,
		listFolder,
		writeFile: (path, text) => attempt(path, 'cannot be written: {reason}', () => writeFileSync(path, text)),
		writeNewFile: (path, text) =>
			attempt(path, 'cannot be written: {reason}', () => writeFileSync(path, text, { flag: 'wx' })),
		columns: process.stdout.isTTY ? process.stdout.columns : undefined,
		isTerminal: process.stdout.isTTY === true && process.stdin.isTTY === true,
		env: process.env,
		version: packageJson.version,
	};
};

const REASONS: Readonly<Record<string, PlainPhrase>> = {
	ENOENT: 'no such file',
	EEXIST: 'the file is there already',
	EISDIR: 'is a folder',
	EACCES: 'permission denied',
	ENOTDIR: 'a part of the path is no folder',
	ENOSPC: 'no space left',
	EROFS: 'the file system is read-only',
	ELOOP: 'its links lead in a circle',
};

/** What helps where no other path would. */
const HINTS: Readonly<Record<string, PlainPhrase>> = {
	EEXIST: 'save! overwrites it',
	ENOSPC: 'make room there',
	EACCES: 'ask its owner',
};

const listFolder: Io['listFolder'] = path => {
	const isFolder = (name: string): boolean =>
		attempt(name, 'cannot be read: {reason}', () => statSync(name, { throwIfNoEntry: false })?.isDirectory() === true);
	if (!isFolder(path)) return undefined;
	const names = attempt(path, 'cannot be read: {reason}', () => readdirSync(path));
	return names.filter(name => !name.startsWith('.') && !isFolder(join(path, name))).sort();
};

const CHUNK_BYTES = 1 << 20;
const STANDARD_INPUT = 0;

const readChunks: Io['readChunks'] = (path, take) => {
	const file = path === '-' ? STANDARD_INPUT : attempt(path, 'cannot be read: {reason}', () => openSync(path, 'r'));
	const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
	try {
		for (;;) {
			const length = attempt(path, 'cannot be read: {reason}', () => readSome(file, buffer));
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

type Failure = 'cannot be read: {reason}' | 'cannot be written: {reason}';

const attempt = <T>(path: string, failure: Failure, action: () => T): T => {
	try {
		return action();
	} catch (error) {
		throw mistakeOf(error as NodeJS.ErrnoException, path, failure);
	}
};

const mistakeOf = ({ code = '' }: NodeJS.ErrnoException, where: string, failure: Failure): UserError => {
	const reason = asPhrase(REASONS[code] ?? verbatim(code));
	return new UserError(phrase(failure, { reason }), where, HINTS[code] ?? 'check the path');
};
