import { en } from './en.ts';
import { zh } from './zh.ts';

/** All words of the dashboard in one language. */
export type Messages = typeof en;

export const messagesIn = (language: 'en' | 'zh'): Messages => (language === 'zh' ? zh : en);
