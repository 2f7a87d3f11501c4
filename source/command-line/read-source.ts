import { BootFinder } from '../machine/boot-log/boot-finder.ts';
import { COLLECT_MARK } from '../machine/proc/collected.ts';
import type { BoardSource } from '../machine/proc/read-board.ts';
import { UserError } from '../machine/user-error.ts';
import { phrase } from '../phrases/phrase.ts';
import { gunzip, isGzip } from './gzip.ts';
import type { Io } from './io.ts';

/** Packed files are unpacked in memory. */
const MOST_PACKED_BYTES = 32 << 20;
/** Files of /proc, and all of them together, are shorter by far; what is longer can only be a log. */
const MOST_TEXT_BYTES = 8 << 20;

/**
 * A file of any size, `-` for standard input, gzip or plain: all of it when it is short, and the window of one boot.
 * @throws {UserError} when it cannot be read or unpacked.
 */
export const readSource = (path: string, io: Io): BoardSource => {
	const name = path === '-' ? 'standard input' : path;
	const finder = new BootFinder();
	const text = new TextKeeper();
	const packed: Uint8Array[] = [];
	let packedBytes = 0;
	let isFirst = true;
	let isPacked = false;
	const take = (chunk: Uint8Array): void => {
		finder.push(chunk);
		text.push(chunk);
	};
	io.readChunks(path, chunk => {
		if (isFirst) isPacked = isGzip(chunk);
		isFirst = false;
		if (!isPacked) return take(chunk);
		packedBytes += chunk.length;
		if (packedBytes > MOST_PACKED_BYTES) throw tooLarge(name);
		packed.push(new Uint8Array(chunk));
	});
	if (isPacked) take(unpacked(Buffer.concat(packed), name));
	if (text.isCollected && text.whole === undefined) {
		throw new UserError('is longer than anything that highmem collect gathers', name, 'gather it again');
	}
	return { name, text: text.whole, boot: finder.finish(), boots: finder.boots };
};

/** Keeps a text until it proves too long. */
class TextKeeper {
	#chunks: Uint8Array[] = [];
	#bytes = 0;
	isCollected = false;

	push(chunk: Uint8Array): void {
		if (this.#bytes === 0) this.isCollected = new TextDecoder().decode(chunk.subarray(0, 4096)).includes(COLLECT_MARK);
		this.#bytes += chunk.length;
		if (this.#bytes <= MOST_TEXT_BYTES) this.#chunks.push(new Uint8Array(chunk));
		else this.#chunks = [];
	}

	get whole(): string | undefined {
		return this.#bytes <= MOST_TEXT_BYTES ? new TextDecoder().decode(Buffer.concat(this.#chunks)) : undefined;
	}
}

/** What a damaged or cut file still gives is read. */
const unpacked = (bytes: Buffer, where: string): Buffer => {
	try {
		return gunzip(bytes, { mostBytes: MOST_PACKED_BYTES, mayBeCut: true });
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(where);
		throw new UserError('cannot be unpacked', where, 'a damaged gzip file');
	}
};

const tooLarge = (where: string): UserError =>
	new UserError(
		phrase('unpacks to more than {megabytes} MB', { megabytes: MOST_PACKED_BYTES >> 20 }),
		where,
		'unpack it and give the boot alone',
	);
