import { phrase } from '../phrases/phrase.ts';
import { atLeast, type KernelVersion, parseKernelVersion } from './kernel-version.ts';
import { UserError } from './user-error.ts';

const OLDEST = '2.6.24';
/** First release that is not known here. */
const TOO_NEW = '6.13';

/** A release whose layout is known here. @throws {UserError} for any other. */
export const supportedKernel = (text: string, where: string): KernelVersion => {
	const kernel = parseKernelVersion(text, where);
	if (!atLeast(kernel, OLDEST) || atLeast(kernel, TOO_NEW)) {
		throw new UserError(phrase('kernel {text} is not known here', { text: kernel.text }), where, '2.6.24 to 6.12');
	}
	return kernel;
};
