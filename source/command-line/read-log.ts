import { constants, gunzipSync } from 'node:zlib';
import { fitReading } from '../layout/fit-log.ts';
import { BootFinder } from '../machine/boot-log/boot-finder.ts';
import type { LogReading } from '../machine/boot-log/log-reading.ts';
import { readBoot } from '../machine/boot-log/read-boot-log.ts';
import { checkMachine } from '../machine/check-machine.ts';
import { UserError } from '../machine/user-error.ts';
import { phrase } from '../phrases/phrase.ts';
import type { Io } from './io.ts';

/** Packed logs are unpacked in memory. */
const MOST_PACKED_BYTES = 32 << 20;

/**
 * The machine of the boot log at `path` (`-`: standard input), gzip or plain. Of a plain log only the window of one boot
 * is ever kept in memory.
 * @throws {UserError} when it cannot be read, holds no boot of a 32-bit kernel, or describes no possible machine.
 */
export const readLog = (path: string, io: Io): LogReading => {
	const where = path === '-' ? 'standard input' : path;
	const finder = new BootFinder();
	const packed: Uint8Array[] = [];
	let packedBytes = 0;
	let isFirst = true;
	let isPacked = false;
	io.readChunks(path, chunk => {
		if (isFirst) isPacked = chunk[0] === 0x1f && chunk[1] === 0x8b;
		isFirst = false;
		if (!isPacked) return finder.push(chunk);
		packedBytes += chunk.length;
		if (packedBytes > MOST_PACKED_BYTES) throw tooLarge(where);
		packed.push(new Uint8Array(chunk));
	});
	if (isPacked) finder.push(unpacked(Buffer.concat(packed), where));
	const reading = fitReading(readBoot(finder.finish(), finder.boots, where));
	checkPossible(reading, where);
	return reading;
};

/** What a damaged or cut file still gives is read. */
const unpacked = (bytes: Buffer, where: string): Buffer => {
	try {
		return gunzipSync(bytes, { maxOutputLength: MOST_PACKED_BYTES, finishFlush: constants.Z_SYNC_FLUSH });
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(where);
		throw new UserError('cannot be unpacked', where, 'a damaged gzip file');
	}
};

const tooLarge = (where: string): UserError =>
	new UserError(
		phrase('unpacks to more than {MOST_PACKED_BYTES} MB', { MOST_PACKED_BYTES: MOST_PACKED_BYTES >> 20 }),
		where,
		'unpack it and give the boot alone',
	);

const checkPossible = ({ machine }: LogReading, where: string): void => {
	try {
		checkMachine(machine, {});
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		// A vendor's kernel may be built as no other can; it booted.
		if (error.where !== '--ram' && error.where !== '--cmdline') return;
		throw new UserError(
			phrase('no possible machine: {message}', { message: error.message }),
			where,
			'give what the log lacks as flags',
		);
	}
};
