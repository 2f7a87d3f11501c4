import type { Availability } from '../builtins/builtin.ts';

/**
 * One thing that the kernel's headers define in C and that is nothing but C here too: a struct, a typedef, an inline
 * function, a macro. It is compiled when a program first names it.
 */
export interface HeaderItem {
	readonly name: string;
	readonly kind: 'function' | 'struct' | 'typedef' | 'macro';
	readonly text: string;
	readonly when: Availability;
}

/** What one paragraph of C defines. */
const readItem = (text: string, when: Availability): HeaderItem => {
	const macro = /^#define (\w+)/.exec(text)?.[1];
	if (macro !== undefined) return { name: macro, kind: 'macro', text: text.replace('#define ', ''), when };
	const tag = /^(?:struct|union) (\w+) \{/.exec(text)?.[1];
	if (tag !== undefined) return { name: tag, kind: 'struct', text, when };
	const typedef = /^typedef [^;]*?(?:\(\*(\w+)\)\([^;]*\)|\b(\w+));$/s.exec(text);
	if (typedef) return { name: typedef[1] ?? typedef[2] ?? '', kind: 'typedef', text, when };
	const called = /^[\w *]*?(\w+)\(/.exec(text)?.[1];
	if (called === undefined) throw new Error(`no C of a header: ${text}`);
	return { name: called, kind: 'function', text, when };
};

/** The paragraphs of a piece of C, each of which defines one name. */
export const header = (when: Availability, text: string): readonly HeaderItem[] =>
	text
		.trim()
		.split(/\n\s*\n/)
		.map(part => readItem(part.trim(), when));

/** As it is declared: `void zero_user(struct page *page, unsigned start, unsigned size)`. */
export const signatureOf = ({ kind, text, name }: HeaderItem): string => {
	if (kind === 'macro') return /^\w+\([^)]*\)/.exec(text)?.[0] ?? name;
	return text.slice(0, text.indexOf('{')).replace(/\s+/g, ' ').trim();
};
