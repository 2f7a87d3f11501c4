import { UserError } from '../machine/user-error.ts';
import { phrase } from '../phrases/phrase.ts';
import type { Language } from '../scenario/scenario.ts';
import type { Flags } from './flags.ts';

/** `--lang`, or what the locale says. @throws {UserError} for another language than those there are. */
export const chosenLanguage = ({ lang }: Flags, env: NodeJS.ProcessEnv): Language => {
	if (lang !== undefined && lang !== 'en' && lang !== 'zh') {
		throw new UserError(phrase('"{lang}" is not there', { lang }), '--lang', 'en or zh');
	}
	return lang ?? (/^zh/i.test(env.LC_ALL || env.LC_MESSAGES || env.LANG || '') ? 'zh' : 'en');
};
