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

/** A size for comparing: exact while the number is short, else to a tenth of a unit: `2056 kB`, `885.6 MB`. */
export const readableSize = (bytes: number): string => {
	if (bytes % MiB === 0 || (bytes % KiB === 0 && bytes < 10 * MiB) || bytes < 10 * KiB) return exactSize(bytes);
	return bytes < 10 * MiB ? `${(bytes / KiB).toFixed(1)} kB` : `${(bytes / MiB).toFixed(1)} MB`;
};

/** A difference with its sign. */
export const signedSize = (bytes: number): string =>
	bytes === 0 ? '0' : `${bytes > 0 ? '+' : '-'}${readableSize(Math.abs(bytes))}`;
