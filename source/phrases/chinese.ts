import { type Say, sayWith } from './phrase.ts';
import { CHINESE } from './zh/index.ts';

/** The text in Chinese. */
export const chinese: Say = sayWith(key => CHINESE[key]);
