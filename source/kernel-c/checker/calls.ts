import type { Node } from 'web-tree-sitter';
import { asPhrase, type PlainPhrase, phrase, verbatim } from '../../phrases/phrase.ts';
import type { Builtin } from '../builtins/builtin.ts';
import { type CType, commonType, isInteger, isPointer, typeName } from '../c-types.ts';
import { NOT_SIMULATED } from '../instead.ts';
import { argumentsOf, mismatch, splitFormat } from '../printk-format.ts';
import type { Expression, Statement } from '../tree.ts';
import { SPECIAL_FORMS } from '../world.ts';
import { assign } from './assignments.ts';
import type { CheckContext } from './context.ts';
import { assignable, convertTo, describe, promoteArgument } from './conversions.ts';
import { checkExpression, checkLvalue, field } from './expressions.ts';
import { fold, isNull } from './fold.ts';
import { combine } from './operators.ts';

export const checkCall = (context: CheckContext, node: Node): Expression => {
	const at = node.startIndex;
	const callee = field(context, node, 'function');
	const argumentNodes = field(context, node, 'arguments').namedChildren.filter(
		(child): child is Node => child !== null && child.type !== 'comment',
	);
	if (callee.type === 'identifier' && !context.scope.find(callee.text)) {
		const name = callee.text;
		if (SPECIAL_FORMS.has(name)) return checkSpecial(context, node, name, argumentNodes);
		const builtin = context.world.builtins.get(name);
		if (builtin) return checkBuiltin(context, node, builtin, argumentNodes);
		if (!context.world.globals.has(name) && !context.world.constants.has(name)) {
			if (NOT_SIMULATED.has(name)) throw context.error(callee, phrase('{name} is not simulated', { name }));
			throw context.error(
				callee,
				phrase('this kernel has no function {name}', { name }),
				context.world.hint(name, context.userFunctions(), true),
			);
		}
	}
	const target = checkExpression(context, callee);
	const type = isPointer(target.type) && target.type.to.kind === 'function' ? target.type.to : undefined;
	if (!type)
		throw context.error(
			callee,
			phrase('{text} is {type} and cannot be called', { text: context.textOf(callee), type: describe(target.type) }),
		);
	const name = context.textOf(callee);
	checkCount(context, node, name, type.parameters.length, type.isVariadic, argumentNodes, typeName(type, name));
	const args = argumentNodes.map((argument, index) => {
		const value = checkExpression(context, argument);
		const parameter = type.parameters[index];
		return parameter
			? assignable(
					context,
					argument,
					parameter,
					value,
					phrase('argument {number} of {name}', { number: index + 1, name }),
				)
			: promoteArgument(context, argument, value);
	});
	if (target.kind === 'function') return { kind: 'call', at, type: type.returns, symbol: target.symbol, args };
	return { kind: 'call-pointer', at, type: type.returns, pointer: target, args };
};

const checkCount = (
	context: CheckContext,
	node: Node,
	name: string,
	count: number,
	isVariadic: boolean,
	given: readonly Node[],
	signature: string,
): void => {
	if (given.length === count || (isVariadic && given.length > count)) return;
	const wanted = isVariadic
		? phrase('{count} arguments or more', { count })
		: count === 0
			? phrase('no arguments')
			: count === 1
				? phrase('1 argument')
				: phrase('{count} arguments', { count });
	throw context.error(
		node,
		phrase('{name} takes {wanted}, not {length}', { name, wanted, length: given.length }),
		verbatim(signature),
	);
};

/** What people mix up, and what to do instead. */
const MIX_UPS: Readonly<Record<string, PlainPhrase>> = {
	kunmap: 'kunmap takes the struct page *; kunmap_atomic takes the address',
	kunmap_atomic: 'kunmap_atomic takes the address that kmap_atomic returned; kunmap takes the page',
	kunmap_local: 'kunmap_local takes the address that kmap_local_page returned',
	free_page: 'free_page takes an address; __free_page takes the struct page *',
	free_pages: 'free_pages takes an address; __free_pages takes the struct page *',
	__free_page: '__free_page takes the struct page *; free_page takes an address',
	__free_pages: '__free_pages takes the struct page *; free_pages takes an address',
};

const isStructPointer = (type: CType): boolean => isPointer(type) && type.to.kind === 'struct';

const checkBuiltin = (context: CheckContext, node: Node, builtin: Builtin, nodes: readonly Node[]): Expression => {
	const { name, parameters, isVariadic, signature } = builtin;
	checkSlotType(context, node, builtin, nodes.length);
	checkCount(context, node, name, parameters.length, isVariadic, nodes, signature);
	if (isVariadic && parameters.length === 1 && name.endsWith('atomic') && nodes.length > 2) {
		throw context.error(
			node,
			phrase('{name} takes 1 or 2 arguments, not {length}', { name, length: nodes.length }),
			verbatim(signature),
		);
	}
	const args = nodes.map((argument, index) => {
		const value = checkExpression(context, argument);
		const parameter = parameters[index];
		if (parameter === undefined) return promoteArgument(context, argument, value);
		const what = phrase('argument {number} of {name}', { number: index + 1, name });
		if (parameter === 'address') {
			if (!isInteger(value.type) && !isPointer(value.type))
				throw context.error(argument, phrase('{what} must be an address', { what }), verbatim(signature));
			return convertTo({ kind: 'pointer', to: { kind: 'void' } }, value);
		}
		// The kernel's headers refuse a page where the address is due (BUILD_BUG), and void * would hide the reverse.
		const isPageForAddress = name.startsWith('kunmap_') && isStructPointer(value.type);
		const isAddressForPage =
			isStructPointer(parameter) && isPointer(value.type) && value.type.to.kind === 'void' && !isNull(value);
		const isMixedUp =
			isPageForAddress ||
			isAddressForPage ||
			(MIX_UPS[name] !== undefined && index === 0 && isWrongKind(parameter, value.type) && !isNull(value));
		if (isMixedUp) {
			throw context.error(
				argument,
				phrase('{what} is {type}, but {text} is {type2}', {
					what,
					type: describe(parameter),
					text: context.textOf(argument),
					type2: describe(value.type),
				}),
				MIX_UPS[name] ?? verbatim(signature),
			);
		}
		return assignable(context, argument, parameter, value, what);
	});
	checkFormat(context, nodes, builtin, args);
	return { kind: 'builtin', at: node.startIndex, type: builtin.returns, builtin, args };
};

/** kmap_atomic and kunmap_atomic took the type of their slot once. */
const checkSlotType = (
	context: CheckContext,
	node: Node,
	{ name, parameters, isVariadic }: Builtin,
	given: number,
): void => {
	if (!/^ku?n?map_atomic$/.test(name) || isVariadic || given < 1 || given > 2 || given === parameters.length) return;
	const { kernel } = context.world.view.machine;
	throw context.error(
		node,
		given === 2
			? phrase('{name} takes no slot type on {kernel}', { name, kernel: kernel.text })
			: phrase('{name} needs a slot type on {kernel}', { name, kernel: kernel.text }),
		given === 2
			? 'KM_USER0 and its like went with 2.6.37, and since 3.4 nothing takes them'
			: 'for example KM_USER0, as second argument',
	);
};

const isWrongKind = (parameter: CType, given: CType): boolean => isStructPointer(parameter) !== isStructPointer(given);

/** A literal format and its arguments: their number, and types that cannot be meant. */
const checkFormat = (
	context: CheckContext,
	nodes: readonly Node[],
	builtin: Builtin,
	args: readonly Expression[],
): void => {
	const position = builtin.isVariadic ? builtin.parameters.length - 1 : -1;
	const format = args[position];
	const node = nodes[position];
	if (format?.kind !== 'string' || !node) return;
	let next = position + 1;
	for (const part of splitFormat(format.text)) {
		if (typeof part === 'string') continue;
		if (part.letter === '' || !'diuxXocsp%'.includes(part.letter)) {
			throw context.error(
				node,
				phrase('printk has no conversion {text}', { text: part.text }),
				part.letter === 'f' ? 'kernel code has no floating point' : 'a percent sign itself is written %%',
			);
		}
		const count = argumentsOf(part);
		const argument = args[next + count - 1];
		const argumentNode = nodes[next + count - 1];
		if (count > 0 && (!argument || !argumentNode))
			throw context.error(node, phrase('{text} in the format has no argument', { text: part.text }));
		if (argument && argumentNode && count > 0) {
			const wanted = mismatch(part, argument.type);
			if (wanted)
				throw context.error(
					argumentNode,
					phrase('{text} wants {wanted}, but {text2} is {type}', {
						text: part.text,
						wanted: asPhrase(wanted),
						text2: context.textOf(argumentNode),
						type: describe(argument.type),
					}),
					'cast it or change the format',
				);
		}
		next += count;
	}
	const extra = nodes[next];
	if (extra) throw context.error(extra, 'the format has no conversion for this argument');
};

/** min, max and the like: each argument is evaluated once. */
const checkSpecial = (context: CheckContext, node: Node, name: string, nodes: readonly Node[]): Expression => {
	const signature = SPECIAL_FORMS.get(name)?.signature ?? name;
	const count = name === 'clamp' ? 3 : 2;
	checkCount(context, node, name, count, false, nodes, signature);
	const [first, second, third] = nodes;
	if (!first || !second) throw context.error(node, phrase('{name} is not complete', { name }), verbatim(signature));
	if (name === 'swap') return checkSwap(context, node, first, second);
	if (name === 'clamp' && third) {
		return pick(
			context,
			node,
			'<',
			pick(context, node, '>', checkExpression(context, first), checkExpression(context, second)),
			checkExpression(context, third),
		);
	}
	const operator = name === 'min' ? '<' : '>';
	return pick(context, node, operator, checkExpression(context, first), checkExpression(context, second));
};

const pick = (
	context: CheckContext,
	node: Node,
	operator: '<' | '>',
	left: Expression,
	right: Expression,
): Expression => {
	const at = node.startIndex;
	const type = isInteger(left.type) && isInteger(right.type) ? commonType(left.type, right.type) : left.type;
	const a = assignable(context, node, type, left, phrase('the first value'));
	const b = assignable(context, node, type, right, phrase('the second value'));
	const isConstant = fold(a) !== undefined && fold(b) !== undefined;
	if (isConstant)
		return {
			kind: 'conditional',
			at,
			type,
			condition: combine(context, node, operator, a, b),
			whenTrue: a,
			whenFalse: b,
		};
	const [x, y] = [a, b].map(
		(value): Expression => ({ kind: 'variable', at, type: value.type, variable: context.local(node, '', value.type) }),
	);
	if (!x || !y) return a;
	const store = (target: Expression, value: Expression): Statement => ({
		kind: 'expression',
		at,
		isResult: false,
		expression: { kind: 'assign', at, type, target, value },
	});
	const value: Expression = {
		kind: 'conditional',
		at,
		type,
		condition: combine(context, node, operator, x, y),
		whenTrue: x,
		whenFalse: y,
	};
	return { kind: 'block', at, type, statements: [store(x, a), store(y, b)], value };
};

const checkSwap = (context: CheckContext, node: Node, first: Node, second: Node): Expression => {
	const at = node.startIndex;
	const a = checkLvalue(context, first);
	const b = checkLvalue(context, second);
	const kept: Expression = { kind: 'variable', at, type: a.type, variable: context.local(node, '', a.type) };
	const statements = [
		assign(context, first, kept, a, 'swap'),
		assign(context, second, a, b, 'swap'),
		assign(context, first, b, kept, 'swap'),
	];
	return {
		kind: 'block',
		at,
		type: { kind: 'void' },
		statements: statements.map((expression): Statement => ({ kind: 'expression', at, expression, isResult: false })),
		value: undefined,
	};
};
