import { asPhrase, phrase, type Text } from '../phrases/phrase.ts';
import type { SleeperEnding } from './kernel-act.ts';

/** What became of a task that was woken. @param text What it does. */
export const wakingText = (name: string, text: string, ending: SleeperEnding): Text => {
	switch (ending.kind) {
		case 'sleeping':
			return phrase('{name} woke and sleeps again on {on}: {text}', { name, on: ending.on, text });
		case 'fault':
			return phrase('{name} woke and was killed: {message} ({reason})', {
				name,
				message: ending.message,
				reason: asPhrase(ending.reason),
			});
		case 'error':
			return phrase('{name} woke and gave up: {error}', { name, error: ending.error.whole });
		case 'done':
			return ending.value === undefined
				? phrase('{name} woke and finished: {text}', { name, text })
				: phrase('{name} woke and finished: {text} = {value}', { name, text, value: ending.value });
	}
};
