/** Whether a file begins as gzip packs it (RFC 1952). */
export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

interface Limits {
	/** More than this is no file of a board. */
	readonly mostBytes: number;
	/** Whether what a cut file still gives is taken. @default false */
	readonly mayBeCut?: boolean;
}

/**
 * What a packed file holds. zlib is loaded only here: hardly anything is packed, and every start would wait for it.
 * @throws {Error} Node's own: `ERR_BUFFER_TOO_LARGE`, or another for a damaged file.
 */
export const gunzip = (bytes: Buffer, { mostBytes, mayBeCut = false }: Limits): Buffer => {
	const { constants, gunzipSync } = process.getBuiltinModule('node:zlib');
	const finishFlush = mayBeCut ? constants.Z_SYNC_FLUSH : constants.Z_FINISH;
	return gunzipSync(bytes, { maxOutputLength: mostBytes, finishFlush });
};
