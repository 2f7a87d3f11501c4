import type { Node } from 'web-tree-sitter';
import type { UserError } from '../../machine/user-error.ts';
import { type Phrase, phrase, type Text } from '../../phrases/phrase.ts';
import type { Builtin, KernelGlobal } from '../builtins/builtin.ts';
import {
	type CType,
	INT,
	isInteger,
	isPointer,
	isSameType,
	isScalar,
	pointerTo,
	promote,
	typeName,
} from '../c-types.ts';
import type { Expression } from '../tree.ts';
import type { CheckContext } from './context.ts';
import { isNull } from './fold.ts';

/** An expression as a value: arrays become pointers to their first element. */
export const rvalue = (context: CheckContext, node: Node, expression: Expression): Expression => {
	const { type, at } = expression;
	if (type.kind !== 'array') return expression;
	const pointer = pointerTo(type.of);
	if (expression.kind === 'global') {
		throw context.error(
			node,
			phrase('{name} can only be read by its elements', { name: expression.global.name }),
			phrase('{name}[0]', { name: expression.global.name }),
		);
	}
	if (expression.kind === 'string') return { ...expression, type: pointer };
	return { kind: 'convert', at, type: pointer, operand: addressOf(context, node, expression) };
};

/** The address of an lvalue. */
export const addressOf = (context: CheckContext, node: Node, expression: Expression): Expression => {
	const { at } = expression;
	const type = pointerTo(expression.type);
	switch (expression.kind) {
		case 'variable':
			return { kind: 'address', at, type, variable: expression.variable };
		case 'memory':
			if (isInteger(expression.type) && expression.type.bits)
				throw context.error(node, phrase('{text} is a bit field and has no address', { text: context.textOf(node) }));
			return { kind: 'convert', at, type, operand: expression.address };
		case 'string':
			return { kind: 'convert', at, type, operand: { ...expression, type } };
		case 'global':
			if (expression.global.length === undefined)
				return { kind: 'builtin', at, type, builtin: placing(expression.global), args: [] };
			throw noAddress(context, node);
		default:
			throw noAddress(context, node);
	}
};

const noAddress = (context: CheckContext, node: Node): UserError =>
	context.error(
		node,
		phrase('{text} has no address', { text: context.textOf(node) }),
		'take the address of a variable',
	);

/** What gives a variable of the kernel its place in memory. */
const placing = (global: KernelGlobal): Builtin => ({
	name: `&${global.name}`,
	signature: global.signature,
	help: global.help,
	returns: pointerTo(global.type),
	parameters: [],
	isVariadic: false,
	isPure: false,
	run: env => env.kernelVariable(global),
});

export const isLvalue = (expression: Expression): boolean =>
	expression.kind === 'variable' || expression.kind === 'memory';

/** A node that changes the type; none where there is nothing to change. */
export const convertTo = (type: CType, operand: Expression): Expression =>
	isSameType(type, operand.type) ? operand : { kind: 'convert', at: operand.at, type, operand };

/** A scalar for if, while, !, && and ||. */
export const checkCondition = (context: CheckContext, node: Node, expression: Expression): Expression => {
	if (!isScalar(expression.type)) {
		throw context.error(
			node,
			phrase('{text} is {type}, not a number or pointer', {
				text: context.textOf(node),
				type: describe(expression.type),
			}),
		);
	}
	return expression;
};

export const checkInteger = (context: CheckContext, node: Node, expression: Expression): Expression => {
	if (!isInteger(expression.type)) {
		throw context.error(
			node,
			phrase('{text} is {type}; an integer is needed here', {
				text: context.textOf(node),
				type: describe(expression.type),
			}),
		);
	}
	return expression;
};

/** Default argument promotions: what a variadic function receives. */
export const promoteArgument = (context: CheckContext, node: Node, expression: Expression): Expression => {
	if (isInteger(expression.type)) return convertTo(promote(expression.type), expression);
	if (!isScalar(expression.type)) {
		throw context.error(
			node,
			phrase('{text} is {type} and cannot be passed here', {
				text: context.textOf(node),
				type: describe(expression.type),
			}),
		);
	}
	return expression;
};

export const describe = (type: CType): Phrase =>
	type.kind === 'void' ? phrase('void (no value)') : phrase('of type {type}', { type: typeName(type) });

/**
 * A value converted as an assignment to `type` does.
 * @param what What it is given to, for the message: `page`, `argument 1 of kmap`.
 */
export const assignable = (
	context: CheckContext,
	node: Node,
	type: CType,
	given: Expression,
	what: string | Phrase,
): Expression => {
	const from = given.type;
	const refuse = (hint?: Text): never => {
		throw context.error(
			node,
			phrase('{what} is {type}, but {text} is {type2}', {
				what,
				type: describe(type),
				text: context.textOf(node),
				type2: describe(from),
			}),
			hint,
		);
	};
	if (type.kind === 'struct') return isSameType(type, from) ? given : refuse();
	if (!isScalar(type) || !isScalar(from)) return refuse();
	if (isInteger(type)) {
		if (isInteger(from) || type.rank === 0 || context.isBar) return convertTo(type, given);
		return refuse(phrase('cast it: ({type})', { type: typeName(type) }));
	}
	if (isNull(given)) return convertTo(type, given);
	if (isInteger(from)) {
		if (context.isBar && type.to.kind !== 'struct') return convertTo(type, given);
		return refuse(phrase('cast it: ({type})', { type: typeName(type) }));
	}
	return arePointersCompatible(type.to, from.to) ? convertTo(type, given) : refuse();
};

/** Pointers to void go with all, those to numbers with each other (a warning in C); structs and functions must agree. */
export const arePointersCompatible = (a: CType, b: CType): boolean =>
	a.kind === 'void' || b.kind === 'void' || isSameType(a, b) || (isWordLike(a) && isWordLike(b));

const isWordLike = (type: CType): boolean =>
	type.kind === 'integer' || type.kind === 'pointer' || type.kind === 'array';

/** The type both branches of `?:` are brought to. */
export const branchType = (
	context: CheckContext,
	node: Node,
	left: Expression,
	right: Expression,
): CType | undefined => {
	if (isPointer(left.type) && isNull(right)) return left.type;
	if (isPointer(right.type) && isNull(left)) return right.type;
	if (isPointer(left.type) && isPointer(right.type)) {
		if (!arePointersCompatible(left.type.to, right.type.to)) {
			throw context.error(
				node,
				phrase('the branches of ?: are {type} and {type2}', { type: describe(left.type), type2: describe(right.type) }),
			);
		}
		return left.type.to.kind === 'void' ? left.type : right.type;
	}
	if (left.type.kind === 'void' || right.type.kind === 'void') return { kind: 'void' };
	return undefined;
};

export const truth = (at: number, operand: Expression): Expression => ({
	kind: 'not',
	at,
	type: INT,
	operand: { kind: 'not', at, type: INT, operand },
});
