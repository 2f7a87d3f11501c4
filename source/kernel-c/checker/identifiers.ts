import type { Node } from 'web-tree-sitter';
import { phrase } from '../../phrases/phrase.ts';
import { arrayOf, pointerTo } from '../c-types.ts';
import type { Expression } from '../tree.ts';
import type { CheckContext } from './context.ts';

/** A name used as a value. @throws {UserError} when neither the user nor this kernel has it. */
export const checkIdentifier = (context: CheckContext, node: Node): Expression => {
	const at = node.startIndex;
	const { text } = node;
	const name = context.scope.find(text);
	switch (name?.kind) {
		case 'local':
		case 'global':
			return { kind: 'variable', at, type: name.type, variable: name };
		case 'function':
			return { kind: 'function', at, type: pointerTo(name.type), symbol: name };
		case 'enumerator':
			return { kind: 'constant', at, type: name.type, value: name.value };
		case 'typedef':
			throw context.error(node, phrase('{text} is a type, not a value', { text }));
	}
	const constant = context.world.constants.get(text);
	if (constant) return { kind: 'constant', at, ...constant };
	const global = context.world.globals.get(text);
	if (global) {
		const type = global.length === undefined ? global.type : arrayOf(global.type, global.length);
		return { kind: 'global', at, type, global };
	}
	if (text === '__func__' || text === '__FUNCTION__' || text === '__FILE__') {
		const value = text === '__FILE__' ? (context.prepared.file.name ?? '') : (context.function?.name ?? '');
		return { kind: 'string', at, type: arrayOf(context.world.types.char, value.length + 1), text: value };
	}
	const builtin = context.world.builtins.get(text);
	if (builtin) {
		if (node.parent?.type === 'expression_statement' && context.isBar)
			throw context.error(
				node,
				phrase('{text} is a function', { text }),
				phrase('call it: {signature}', { signature: builtin.signature }),
			);
		const symbol = context.functionOf(builtin);
		return { kind: 'function', at, type: pointerTo(symbol.type), symbol };
	}
	throw unknownName(context, node);
};

/** The error for a name that nobody has, with what may have been meant. */
export const unknownName = (context: CheckContext, node: Node): Error => {
	const { text } = node;
	const hint = context.world.hint(text, context.userNames());
	return context.error(
		node,
		phrase('no variable or constant {text}', { text }),
		hint ?? (context.isBar ? phrase('give it a value first: {text} = ...', { text }) : 'declare it first'),
	);
};
