import type { ExplainWords } from './explain-en.ts';
import { explainEn } from './explain-en.ts';
import { explainZh } from './explain-zh.ts';

/** The words of `explain` and `compare` in one language. */
export const explainWordsIn = (language: 'en' | 'zh'): ExplainWords => (language === 'zh' ? explainZh : explainEn);
