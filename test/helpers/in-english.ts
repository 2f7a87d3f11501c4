import { english, type Text } from '../../source/phrases/phrase.ts';

/** A text as the tests read it. */
export const inEnglish = (text: Text | undefined): string | undefined => text && english(text);
