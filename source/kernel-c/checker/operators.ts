import type { Node } from 'web-tree-sitter';
import { phrase, type Text } from '../../phrases/phrase.ts';
import {
	type CType,
	commonType,
	INT,
	isInteger,
	isPointer,
	promote,
	sizeOf,
	typeName,
	UNSIGNED_INT,
} from '../c-types.ts';
import { type BinaryOperator, isComparison, isShift } from '../integer-operations.ts';
import type { Expression } from '../tree.ts';
import type { CheckContext } from './context.ts';
import { arePointersCompatible, checkCondition, checkInteger, convertTo, describe } from './conversions.ts';
import { checkExpression, field } from './expressions.ts';
import { constant, fold, isNull } from './fold.ts';

export const checkBinary = (context: CheckContext, node: Node): Expression => {
	const leftNode = field(context, node, 'left');
	const rightNode = field(context, node, 'right');
	const operator = field(context, node, 'operator').text;
	const left = checkExpression(context, leftNode);
	const right = checkExpression(context, rightNode);
	if (operator === '&&' || operator === '||') {
		return {
			kind: 'logical',
			at: node.startIndex,
			type: INT,
			operator,
			left: checkCondition(context, leftNode, left),
			right: checkCondition(context, rightNode, right),
		};
	}
	return combine(context, node, operator as BinaryOperator, left, right);
};

/** A binary operator on two checked values. */
export const combine = (
	context: CheckContext,
	node: Node,
	operator: BinaryOperator,
	left: Expression,
	right: Expression,
): Expression => {
	const at = node.startIndex;
	if (isPointer(left.type) || isPointer(right.type)) return combinePointers(context, node, operator, left, right);
	if (!isInteger(left.type) || !isInteger(right.type)) {
		throw context.error(
			node,
			phrase('{operator} does not go with values {type} and {type2}', {
				operator,
				type: describe(left.type),
				type2: describe(right.type),
			}),
		);
	}
	if (isShift(operator)) {
		const operation = promote(left.type);
		return { kind: 'binary', at, type: operation, operation, operator, left: convertTo(operation, left), right };
	}
	if ((operator === '/' || operator === '%') && BigInt(fold(right) ?? 1) === 0n)
		throw context.error(node, 'division by zero');
	const operation = commonType(left.type, right.type);
	const type = isComparison(operator) ? INT : operation;
	return {
		kind: 'binary',
		at,
		type,
		operation,
		operator,
		left: convertTo(operation, left),
		right: convertTo(operation, right),
	};
};

const combinePointers = (
	context: CheckContext,
	node: Node,
	operator: BinaryOperator,
	left: Expression,
	right: Expression,
): Expression => {
	const at = node.startIndex;
	const refuse = (hint?: Text): never => {
		throw context.error(
			node,
			phrase('{operator} does not go with values {type} and {type2}', {
				operator,
				type: describe(left.type),
				type2: describe(right.type),
			}),
			hint,
		);
	};
	if (operator === '+' && isInteger(right.type)) return offsetBy(context, node, left, right, 1);
	if (operator === '+' && isInteger(left.type)) return offsetBy(context, node, right, left, 1);
	if (operator === '-' && isInteger(right.type)) return offsetBy(context, node, left, right, -1);
	const areBoth = isPointer(left.type) && isPointer(right.type);
	if (operator === '-' && isPointer(left.type) && isPointer(right.type)) {
		const scale = sizeOf(left.type.to);
		if (!arePointersCompatible(left.type.to, right.type.to) || scale === undefined || scale === 0) return refuse();
		return { kind: 'difference', at, type: INT, left, right, scale };
	}
	if (!isComparison(operator)) return refuse('cast the pointer to unsigned long first');
	const isAllowed =
		(isPointer(left.type) && isPointer(right.type) && arePointersCompatible(left.type.to, right.type.to)) ||
		isNull(left) ||
		isNull(right) ||
		(context.isBar && !areBoth);
	if (!isAllowed) return refuse(areBoth ? undefined : 'cast one of them');
	return {
		kind: 'binary',
		at,
		type: INT,
		operation: UNSIGNED_INT,
		operator,
		left: convertTo(UNSIGNED_INT, left),
		right: convertTo(UNSIGNED_INT, right),
	};
};

/** pointer + sign * index, in steps of what it points to. */
export const offsetBy = (
	context: CheckContext,
	node: Node,
	pointer: Expression,
	index: Expression,
	sign: 1 | -1,
): Expression => {
	const { type } = pointer;
	if (!isPointer(type)) throw context.error(node, phrase('{type} is not a pointer', { type: describe(type) }));
	const size = sizeOf(type.to);
	if (size === undefined)
		throw context.error(
			node,
			phrase('cannot step through {type}: the size of {type2} is not known', {
				type: typeName(type),
				type2: typeName(type.to),
			}),
		);
	return { kind: 'offset', at: node.startIndex, type, pointer, index, scale: sign * size };
};

/** The type that two integers have in common. */
export const commonly = (context: CheckContext, node: Node, left: Expression, right: Expression): CType => {
	if (isInteger(left.type) && isInteger(right.type)) return commonType(left.type, right.type);
	throw context.error(
		node,
		phrase('one value is {type}, the other {type2}', { type: describe(left.type), type2: describe(right.type) }),
		'cast one of them',
	);
};

export const checkUnary = (context: CheckContext, node: Node): Expression => {
	const at = node.startIndex;
	const argument = field(context, node, 'argument');
	const operand = checkExpression(context, argument);
	const operator = field(context, node, 'operator').text;
	if (operator === '!') return { kind: 'not', at, type: INT, operand: checkCondition(context, argument, operand) };
	const { type } = checkInteger(context, argument, operand);
	if (!isInteger(type)) return operand;
	const promoted = promote(type);
	if (operator === '+') return convertTo(promoted, operand);
	return {
		kind: 'unary',
		at,
		type: promoted,
		operator: operator === '-' ? '-' : '~',
		operand: convertTo(promoted, operand),
	};
};

export const one = (at: number): Expression => constant(at, INT, 1);
