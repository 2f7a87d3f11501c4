import type { Node } from 'web-tree-sitter';
import { type Phrase, phrase } from '../../phrases/phrase.ts';
import { type CType, isPointer, isSameType, pointerTo, sizeOf, UNSIGNED_INT } from '../c-types.ts';
import type { BinaryOperator } from '../integer-operations.ts';
import type { Expression } from '../tree.ts';
import type { CheckContext } from './context.ts';
import { assignable, convertTo, describe, isLvalue } from './conversions.ts';
import { checkExpression, checkLvalue, field } from './expressions.ts';
import { combine, one } from './operators.ts';

/** `=`, `+=` and its kin, `++`, `--`. */
export const checkAssignment = (context: CheckContext, node: Node): Expression => {
	if (node.type === 'update_expression') {
		const argument = field(context, node, 'argument');
		const operatorNode = field(context, node, 'operator');
		const isPostfix = operatorNode.startIndex > argument.startIndex;
		const operator = operatorNode.text === '++' ? '+' : '-';
		return update(context, node, argument, checkTarget(context, argument), operator, one(node.startIndex), isPostfix);
	}
	const leftNode = field(context, node, 'left');
	const rightNode = field(context, node, 'right');
	const operator = field(context, node, 'operator').text;
	if (operator !== '=') {
		const target = checkTarget(context, leftNode);
		const operand = checkExpression(context, rightNode);
		return update(context, node, leftNode, target, operator.slice(0, -1) as BinaryOperator, operand, false);
	}
	const value = checkExpression(context, rightNode);
	const target = implicitTarget(context, leftNode, rightNode, value) ?? checkTarget(context, leftNode);
	return assign(context, rightNode, target, value, context.textOf(leftNode));
};

/** `target = value`, converted; structs are copied. */
export const assign = (
	context: CheckContext,
	node: Node,
	target: Expression,
	given: Expression,
	what: string | Phrase,
): Expression => {
	const value = assignable(context, node, target.type, given, what);
	const { type, at } = target;
	if (type.kind === 'struct') return { kind: 'copy', at, type, target, source: value, bytes: sizeOf(type) ?? 0 };
	return { kind: 'assign', at, type, target, value };
};

const checkTarget = (context: CheckContext, node: Node): Expression => {
	const target = checkLvalue(context, node);
	if (target.kind === 'global' || target.kind === 'element') {
		throw context.error(
			node,
			phrase('{name} belongs to the kernel and can only be read', { name: target.global.name }),
		);
	}
	if (!isLvalue(target))
		throw context.error(
			node,
			phrase('{text} cannot be assigned to', { text: context.textOf(node) }),
			'only variables and *pointers can',
		);
	if (target.type.kind === 'array')
		throw context.error(node, phrase('{text} is an array', { text: context.textOf(node) }), 'assign to its elements');
	return target;
};

/**
 * In the command bar a name becomes a variable when it is first assigned to, with the value's type, and such a variable
 * takes a new type with a new value. What `void *` points to is seen as words.
 */
const implicitTarget = (
	context: CheckContext,
	node: Node,
	valueNode: Node,
	value: Expression,
): Expression | undefined => {
	if (!context.isBar || node.type !== 'identifier') return undefined;
	const known = context.scope.find(node.text);
	const { world } = context;
	const isTaken = world.constants.has(node.text) || world.globals.has(node.text) || world.builtins.has(node.text);
	if (known ? known.kind !== 'global' || !known.isImplicit : isTaken) return undefined;
	const type = variableType(value.type);
	if (type.kind !== 'integer' && type.kind !== 'pointer') {
		throw context.error(
			valueNode,
			phrase('{text} is {type} and gives no variable', { text: context.textOf(valueNode), type: describe(type) }),
		);
	}
	const isRetyped = known?.kind === 'global' && !isSameType(known.type, type);
	const variable = known?.kind === 'global' && !isRetyped ? known : context.global(node.text, type, true);
	if (variable !== known) context.fileScope.names.set(node.text, variable);
	return { kind: 'variable', at: node.startIndex, type: variable.type, variable };
};

const variableType = (type: CType): CType =>
	isPointer(type) && type.to.kind === 'void' ? pointerTo(UNSIGNED_INT) : type;

const update = (
	context: CheckContext,
	node: Node,
	targetNode: Node,
	target: Expression,
	operator: BinaryOperator,
	operand: Expression,
	isPostfix: boolean,
): Expression => {
	const at = node.startIndex;
	const { type } = target;
	if (type.kind !== 'integer' && type.kind !== 'pointer') {
		throw context.error(
			targetNode,
			phrase('{text} is {type}; a number or pointer is needed here', {
				text: context.textOf(targetNode),
				type: describe(type),
			}),
		);
	}
	const old: Expression = { kind: 'old', at, type };
	const computed = combine(context, node, operator, old, operand);
	if (type.kind === 'pointer' && computed.type.kind !== 'pointer')
		throw context.error(node, phrase('{operator}= does not go with a pointer', { operator }));
	return { kind: 'update', at, type, target, compute: convertTo(type, computed), isPostfix };
};
