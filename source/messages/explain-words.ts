import type { ExplainWords } from '../layout/explain/words.ts';
import { explainEn } from './explain-en.ts';
import { explainZh } from './explain-zh.ts';

/** The words of `explain` and `compare` in a language. */
export const explainWordsIn = (language: 'en' | 'zh'): ExplainWords => (language === 'zh' ? explainZh : explainEn);
