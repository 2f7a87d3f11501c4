import type { PhraseKey } from './zh/index.ts';

/**
 * A sentence for the user, in no language yet. Its key is the English sentence, with `{names}` where values go, so that
 * it can be read where it is said; `zh/` has the Chinese of every key. A sentence without Chinese does not type-check.
 */
export interface Phrase {
	readonly key: PhraseKey;
	readonly values: Readonly<Record<string, PhraseValue>>;
}

/** What goes into a sentence: text that is the same in every language, a number, or another sentence. */
export type PhraseValue = string | number | Phrase;

/** A sentence without values is its own key. */
export type PlainPhrase = Exclude<PhraseKey, `${string}{${string}}${string}`>;

/**
 * Anything that is said to the user. A sentence that does not fit this type has no Chinese yet: add it to a file of `zh/`.
 */
export type Text = PlainPhrase | Phrase;

type Names<Key extends string> = Key extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;

/** A sentence with its values: `phrase('"{text}" is no size', { text })`. */
export const phrase = <Key extends PhraseKey>(
	key: Key,
	...[values]: [Names<Key>] extends [never] ? [] : [Readonly<Record<Names<Key>, PhraseValue>>]
): Phrase => ({ key, values: values ?? {} });

/** Words from outside, or of the kernel, that are the same in every language. */
export const verbatim = (text: string): Phrase => phrase('{text}', { text });

/** Several sentences in a row. */
export const joined = (texts: readonly Text[], between: PlainPhrase): Phrase =>
	texts
		.map(asPhrase)
		.reduce((before, after) => phrase('{before}{between}{after}', { before, between: asPhrase(between), after }));

/** A text as a value of another one. */
export const asPhrase = (text: Text): Phrase => (typeof text === 'string' ? { key: text, values: {} } : text);

/** Puts sentences into one language. */
export type Say = (text: Text) => string;

/** A value as text: what is the same in every language stays as it is. */
export const sayValue = (say: Say, value: PhraseValue): string =>
	typeof value === 'object' ? say(value) : String(value);

/** What `Say` needs to know of a language: its sentence for each English one. */
export type Catalogue = (key: PhraseKey) => string;

export const sayWith = (catalogue: Catalogue): Say => {
	const say = (text: Text): string => {
		const { key, values } = asPhrase(text);
		return catalogue(key).replace(/\{(\w+)\}/g, (whole, name: string) => {
			const value = values[name];
			return value === undefined ? whole : sayValue(say, value);
		});
	};
	return say;
};

/** The text in English: what programs read, in every locale. */
export const english: Say = sayWith(key => key);
