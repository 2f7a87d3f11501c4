import type { Language } from './language.ts';
import { english, type Say } from './phrase.ts';

/** The way to say things in a language. The Chinese sentences are loaded only where they are wanted. */
export const sayIn = async (language: Language): Promise<Say> =>
	language === 'zh' ? (await import('./chinese.ts')).chinese : english;
