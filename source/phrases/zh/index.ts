import { GENERAL } from './general.ts';

/** Every sentence in Chinese, by its English one. */
export const CHINESE = { ...GENERAL };

export type PhraseKey = keyof typeof CHINESE | (string & {});
