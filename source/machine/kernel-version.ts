import { phrase } from '../phrases/phrase.ts';
import { UserError } from './user-error.ts';

/** A kernel release. `text` is the release as given (`4.15.0-39-generic`); the numbers are for comparison. */
export interface KernelVersion {
	readonly major: number;
	readonly minor: number;
	readonly patch: number;
	readonly text: string;
}

/**
 * Read a release string such as `5.5.0`, `4.19` or `4.15.0-39-generic`. For 2.6.x, `patch` is the third number.
 * @throws {UserError} when it is not a kernel release.
 */
export const parseKernelVersion = (text: string, where = '--kernel'): KernelVersion => {
	const match = /^v?(\d{1,2})\.(\d{1,3})(?:\.(\d{1,4}))?(?:[-.+~_].*)?$/.exec(text.trim());
	if (!match) throw new UserError(phrase('"{text}" is not a kernel release', { text }), where, 'for example 4.19.44');
	return {
		major: Number(match[1]),
		minor: Number(match[2]),
		patch: Number(match[3] ?? 0),
		text: text.trim(),
	};
};

/** Negative, zero or positive as `a` is older than, equal to or newer than `b`. */
export const compareKernels = (a: KernelVersion, b: KernelVersion): number =>
	a.major - b.major || a.minor - b.minor || a.patch - b.patch;

/** Whether `kernel` is release `text` or newer. `atLeast(k, '2.6.37')` compares three numbers, `'5.11'` two. */
export const atLeast = (kernel: KernelVersion, text: string): boolean => {
	const [major = 0, minor = 0, patch = 0] = text.split('.').map(Number);
	return (kernel.major - major || kernel.minor - minor || kernel.patch - patch) >= 0;
};
