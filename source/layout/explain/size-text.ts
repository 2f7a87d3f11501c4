import { KiB, MiB } from '../../machine/address.ts';

/** A size without rounding, in the largest unit that holds it wholly: `240 MB`, `36 kB`, `5 bytes`. */
export const exactSize = (bytes: number): string => {
	if (bytes !== 0 && bytes % MiB === 0) return `${bytes / MiB} MB`;
	if (bytes !== 0 && bytes % KiB === 0) return `${bytes / KiB} kB`;
	return `${bytes} bytes`;
};

/** A size for the eye: whole megabytes from 10 MB on, else exact. */
export const roundSize = (bytes: number): string =>
	bytes >= 10 * MiB ? `${Math.floor(bytes / MiB)} MB` : exactSize(bytes);

/** A difference with its sign. */
export const signedSize = (bytes: number): string =>
	bytes === 0 ? '0' : `${bytes > 0 ? '+' : '-'}${exactSize(Math.abs(bytes))}`;
