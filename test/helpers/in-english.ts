import { english, type Phrase, sayValue, type Text } from '../../source/phrases/phrase.ts';

/** A text as the tests read it. */
export const inEnglish = (text: Text | undefined): string | undefined => text && english(text);

/** The value of an outcome as the tests read it. */
export const valueInEnglish = (value: string | Phrase | undefined): string | undefined =>
	value === undefined ? undefined : sayValue(english, value);
