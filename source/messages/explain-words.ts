import type { ExplainWords } from '../layout/explain/words.ts';
import type { Language } from '../phrases/language.ts';
import { explainEn } from './explain-en.ts';
import { explainZh } from './explain-zh.ts';

/** The words of `explain` and `compare` in a language. */
export const explainWordsIn = (language: Language): ExplainWords => (language === 'zh' ? explainZh : explainEn);
