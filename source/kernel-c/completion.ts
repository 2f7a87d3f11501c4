import type { Phrase, Text } from '../phrases/phrase.ts';
import { typeName } from './c-types.ts';
import type { CValue } from './c-value.ts';
import { formatValue } from './c-value.ts';
import type { Scope } from './checker/scope.ts';
import { signatureOf } from './headers/item.ts';
import { type MacroTable, macroSignature } from './preprocessor/macro.ts';
import { isOffered } from './preprocessor/predefined.ts';
import type { GlobalVariable } from './tree.ts';
import { isInternal, type KernelWorld, SPECIAL_FORMS } from './world.ts';

/** A name that can stand at the cursor. */
export interface Completion {
	readonly name: string;
	readonly kind?: 'function' | 'macro' | 'variable' | 'constant' | 'type' | 'keyword' | 'word';
	/** One line: the signature, or type and value. */
	readonly detail: string | Phrase;
	/** What it does, where there is more to say. */
	readonly help?: Text;
	/** Where the text that the name replaces begins; it ends at the cursor. */
	readonly start?: number;
}

const KEYWORDS = [
	'if',
	'else',
	'for',
	'while',
	'do',
	'switch',
	'case',
	'break',
	'continue',
	'return',
	'goto',
	'sizeof',
	'struct',
	'unsigned',
	'long',
	'static',
	'const',
];

export interface CompletionSources {
	readonly world: KernelWorld;
	readonly names: Scope;
	readonly macros: MacroTable;
	readonly valueOf: (variable: GlobalVariable) => CValue | undefined;
}

/** Names that begin with the word before the cursor, the user's own first. None within a string or a number. */
export const completions = (sources: CompletionSources, text: string, cursor: number): readonly Completion[] => {
	const before = text.slice(0, cursor);
	const word = /[A-Za-z_]\w*$/.exec(before)?.[0] ?? '';
	const start = cursor - word.length;
	const isInString = (before.match(/(?<!\\)"/g)?.length ?? 0) % 2 === 1;
	if (
		isInString ||
		/[\w.]$/.test(before.slice(0, start)) ||
		(word === '' && before.trim() !== '' && !/[\s(,=*&|+-]$/.test(before))
	)
		return [];
	const found = new Map<string, Completion>();
	const offer = (name: string, kind: NonNullable<Completion['kind']>, detail: string, help?: Text): void => {
		if (name.startsWith(word) && !found.has(name) && !isInternal(name))
			found.set(name, { name, kind, detail, start, ...(help === undefined ? {} : { help }) });
	};
	const { world } = sources;
	for (const [name, symbol] of sources.names.visible()) {
		if (symbol.kind === 'global') {
			const value = sources.valueOf(symbol);
			offer(name, 'variable', `${typeName(symbol.type, name)}${value ? ` = ${formatValue(value)}` : ''}`);
		} else if (symbol.kind === 'function') offer(name, 'function', typeName(symbol.type, name));
		else if (symbol.kind === 'typedef') offer(name, 'type', `typedef ${typeName(symbol.type, name)}`);
		else
			offer(name, 'constant', formatValue({ type: symbol.type, value: Number('value' in symbol ? symbol.value : 0) }));
	}
	for (const { name, signature, help } of world.builtins.values()) offer(name, 'function', signature, help);
	for (const [name, { signature, help }] of SPECIAL_FORMS) offer(name, 'macro', signature, help);
	for (const macro of sources.macros.values()) {
		if (isOffered(macro.help, macro.name)) offer(macro.name, 'macro', macroSignature(macro), macro.help);
	}
	for (const item of world.headers) {
		if (item.kind === 'macro' || item.kind === 'function') offer(item.name, item.kind, signatureOf(item));
	}
	for (const { name, signature, help } of world.globals.values()) offer(name, 'variable', signature, help);
	for (const [name, constant] of world.constants) offer(name, 'constant', formatValue(constant));
	if (word !== '') {
		for (const name of world.types.names.keys()) offer(name, 'type', name);
		for (const name of KEYWORDS) offer(name, 'keyword', name);
	}
	// What headers define in C stands behind the kernel's own operations, which most look for.
	const later = new Set(world.headers.map(({ name }) => name));
	const rank = ({ kind, name }: Completion): number =>
		kind === 'variable' ? 0 : kind === 'keyword' || kind === 'type' ? 3 : later.has(name) ? 2 : 1;
	return [...found.values()].sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
};
