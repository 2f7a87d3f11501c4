import { MiB } from '../../machine/address.ts';
import { UserError } from '../../machine/user-error.ts';
import { phrase } from '../../phrases/phrase.ts';

/** What one call may set, copy or show. Beyond it a mistake in a size would take minutes and all memory. */
const MOST_BYTES = 16 * MiB;

/** @throws {UserError} when a call would go through more bytes than are simulated at once. */
export const checkExtent = (name: string, bytes: number): void => {
	if (bytes <= MOST_BYTES) return;
	throw new UserError(
		phrase('{name} of {bytes} bytes is more than is simulated at once', { name, bytes }),
		undefined,
		phrase('at most {most}', { most: MOST_BYTES }),
	);
};
