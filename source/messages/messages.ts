import type { Language } from '../phrases/language.ts';
import { en } from './en.ts';
import { zh } from './zh.ts';

/** All words of the dashboard in one language. */
export type Messages = typeof en;

export const messagesIn = (language: Language): Messages => (language === 'zh' ? zh : en);
