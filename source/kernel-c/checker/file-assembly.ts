import type { Node } from 'web-tree-sitter';
import { phrase } from '../../phrases/phrase.ts';
import { unescapeLiteral } from '../literals.ts';
import type { CheckContext } from './context.ts';

/** Directives that make room or name sections: without code and labels nothing in C can tell whether they are there. */
const FILLING =
	/^\.(?:pushsection|popsection|section|previous|text|data|skip|space|zero|fill|rept|endr|align|balign|p2align|byte|short|hword|word|long|int|quad)\b/;

/** `asm("...")` at file level: padding has no effect here, and anything else cannot be run. */
export const checkFileAssembly = (context: CheckContext, node: Node): void => {
	const code = node.childForFieldName('assembly_code');
	const parts = code?.type === 'concatenated_string' ? code.namedChildren : [code];
	const text = parts.map(part => (part?.type === 'string_literal' ? (unescapeLiteral(part.text) ?? '') : '')).join('');
	const lines = text.split(/[\n;]/).map(line => line.trim());
	const other = lines.find(line => line !== '' && !FILLING.test(line));
	if (other === undefined) return;
	throw context.error(
		node,
		'assembly cannot be run here',
		phrase('only what fills sections may stand at file level, not {line}', { line: other }),
	);
};
