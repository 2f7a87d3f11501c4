import { UserError } from '../machine/user-error.ts';
import type { Language } from '../phrases/language.ts';
import { phrase } from '../phrases/phrase.ts';
import { hasUnicode } from '../terminal/unicode.ts';
import type { Flags } from './flags.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** `--lang`, or what the locale says. @throws {UserError} for another language than those there are. */
export const chosenLanguage = ({ lang }: Pick<Flags, 'lang'>, env: Environment): Language => {
	if (lang !== undefined && lang !== 'en' && lang !== 'zh') {
		throw new UserError(phrase('"{lang}" is not a language of highmem', { lang }), '--lang', 'en or zh');
	}
	return lang ?? languageOfLocale(env);
};

/**
 * The language for what is wrong with the command line itself, before its flags are known.
 * @param argv The words as they were typed.
 */
export const languageOfMistakes = (argv: readonly string[], env: Environment): Language => {
	const at = argv.findIndex(word => word === '--lang' || word.startsWith('--lang='));
	const lang = at < 0 ? undefined : (argv[at]?.split('=')[1] ?? argv[at + 1]);
	return lang === 'en' || lang === 'zh' ? lang : languageOfLocale(env);
};

/**
 * Chinese where the locale's messages are in simplified Chinese and its characters are UTF-8; a terminal of another
 * character set could not show it. Traditional Chinese (zh_TW, zh_HK) has no translation of its own and gets English.
 */
const languageOfLocale = (env: Environment): Language => {
	const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || '';
	const isSimplified = /^zh(?:[-_](?:CN|SG|Hans)\b.*|(?=$|[.@]).*)/i.test(locale);
	return isSimplified && hasUnicode(env) ? 'zh' : 'en';
};
