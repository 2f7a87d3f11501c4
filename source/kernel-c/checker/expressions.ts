import type { Node } from 'web-tree-sitter';
import { phrase } from '../../phrases/phrase.ts';
import { arrayOf, findField, INT, pointerTo, sizeOf, typeName, UNSIGNED_INT } from '../c-types.ts';
import { wrap } from '../c-value.ts';
import { parseNumber, unescapeLiteral } from '../literals.ts';
import type { Expression } from '../tree.ts';
import { checkAssignment } from './assignments.ts';
import { checkCall } from './calls.ts';
import type { CheckContext } from './context.ts';
import { assignable, branchType, checkCondition, describe, rvalue } from './conversions.ts';
import { describedType } from './declarators.ts';
import { constant } from './fold.ts';
import { checkIdentifier } from './identifiers.ts';
import { checkCompoundLiteral } from './initialisers.ts';
import { checkField, checkPointer, checkSubscript, memberHint } from './lvalues.ts';
import { checkBinary, checkUnary, commonly } from './operators.ts';
import { checkBlockExpression } from './statements.ts';

/** Check an expression and give it as a value: arrays have become pointers. */
export const checkExpression = (context: CheckContext, node: Node): Expression =>
	rvalue(context, node, checkLvalue(context, node));

/** Check an expression and leave an lvalue what it is. */
export const checkLvalue = (context: CheckContext, node: Node): Expression => {
	const at = node.startIndex;
	switch (node.type) {
		case 'identifier':
			return checkIdentifier(context, node);
		case 'number_literal': {
			// The grammar takes the sign of a constant for a part of it.
			const sign = /^[-+]/.exec(node.text)?.[0];
			const number = parseNumber(sign === undefined ? node.text : node.text.slice(1).trim());
			if (!number) {
				const isFloat = /^[\d.]+(?:[eE][-+]?\d+)?[fF]?$/.test(node.text) && /[.eEfF]/.test(node.text);
				const isOctal = /^0\d+$/.test(node.text);
				throw context.error(
					node,
					phrase('{text} is not an integer of C', { text: node.text }),
					isFloat ? 'kernel code has no floating point' : isOctal ? 'a number that begins with 0 is octal' : undefined,
				);
			}
			return constant(at, number.type, sign === '-' ? -number.value : number.value);
		}
		case 'char_literal': {
			const text = unescapeLiteral(node.text.replace(/^L/, ''));
			if (text?.length !== 1)
				throw context.error(
					node,
					phrase('{text} is not one character', { text: node.text }),
					'strings have "double quotes"',
				);
			return constant(at, INT, wrap(context.world.types.char, text.charCodeAt(0)));
		}
		case 'string_literal':
		case 'concatenated_string':
			return checkString(context, node);
		case 'true':
		case 'false':
			return constant(at, INT, node.type === 'true' ? 1 : 0);
		case 'null':
			return { kind: 'constant', at, type: pointerTo({ kind: 'void' }), value: 0 };
		case 'parenthesized_expression': {
			const [inner] = node.namedChildren.filter(child => child?.type !== 'comment');
			if (!inner) throw context.error(node, 'there is nothing between these parentheses');
			return inner.type === 'compound_statement' ? checkBlockExpression(context, inner) : checkLvalue(context, inner);
		}
		case 'assignment_expression':
		case 'update_expression':
			return checkAssignment(context, node);
		case 'binary_expression':
			return checkBinary(context, node);
		case 'unary_expression':
			return checkUnary(context, node);
		case 'pointer_expression':
			return checkPointer(context, node);
		case 'subscript_expression':
			return checkSubscript(context, node);
		case 'field_expression':
			return checkField(context, node);
		case 'call_expression':
			return checkCall(context, node);
		case 'cast_expression':
			return checkCast(context, node);
		case 'sizeof_expression':
		case 'alignof_expression':
			return checkSizeof(context, node);
		case 'offsetof_expression':
			return checkOffsetof(context, node);
		case 'conditional_expression':
			return checkConditional(context, node);
		case 'comma_expression': {
			const left = checkExpression(context, field(context, node, 'left'));
			const right = checkExpression(context, field(context, node, 'right'));
			return { kind: 'comma', at, type: right.type, left, right };
		}
		case 'compound_literal_expression':
			return checkCompoundLiteral(context, node);
		case 'gnu_asm_expression':
			throw context.error(node, 'assembly cannot be run here');
		default:
			throw context.error(node, phrase('{text} cannot stand in an expression', { text: context.textOf(node) }));
	}
};

/** A child that the grammar promises. */
export const field = (context: CheckContext, node: Node, name: string): Node => {
	const child = node.childForFieldName(name);
	if (!child) throw context.error(node, phrase('{text} is not complete', { text: context.textOf(node) }));
	return child;
};

const checkString = (context: CheckContext, node: Node): Expression => {
	const parts = node.type === 'string_literal' ? [node] : node.namedChildren;
	const text = parts.map(part => {
		if (part?.type !== 'string_literal') {
			if (part && part.type === 'comment') return '';
			const hint =
				part && /^PRI|KERN_/.test(part.text) ? 'no such macro in this kernel' : 'strings are joined only with strings';
			throw context.error(part ?? node, phrase('{text} is not a string', { text: context.textOf(part ?? node) }), hint);
		}
		const bytes = unescapeLiteral(part.text.replace(/^(?:u8|[LuU])/, ''));
		if (bytes === undefined)
			throw context.error(
				part,
				phrase('{text} has an escape that C does not know', { text: context.textOf(part) }),
				'a backslash itself is written \\\\',
			);
		return bytes;
	});
	const whole = text.join('');
	return {
		kind: 'string',
		at: node.startIndex,
		type: arrayOf(context.world.types.char, whole.length + 1),
		text: whole,
	};
};

const checkCast = (context: CheckContext, node: Node): Expression => {
	const type = describedType(context, field(context, node, 'type'));
	const value = field(context, node, 'value');
	const operand = checkExpression(context, value);
	const at = node.startIndex;
	if (type.kind === 'void') return { kind: 'convert', at, type, operand };
	const isPossible =
		(type.kind === 'integer' || type.kind === 'pointer') &&
		(operand.type.kind === 'integer' || operand.type.kind === 'pointer');
	if (!isPossible)
		throw context.error(
			node,
			phrase('{text} is {type} and cannot be cast to {type2}', {
				text: context.textOf(value),
				type: describe(operand.type),
				type2: typeName(type),
			}),
		);
	return { kind: 'convert', at, type, operand };
};

const checkSizeof = (context: CheckContext, node: Node): Expression => {
	const descriptor = node.childForFieldName('type');
	const value = node.childForFieldName('value');
	const type = descriptor
		? describedType(context, descriptor)
		: checkLvalue(context, value ?? field(context, node, 'value')).type;
	const size = sizeOf(type);
	if (size === undefined) throw context.error(node, phrase('{type} has no size here', { type: typeName(type) }));
	return constant(node.startIndex, UNSIGNED_INT, node.type === 'sizeof_expression' ? size : Math.min(size, 8));
};

const checkOffsetof = (context: CheckContext, node: Node): Expression => {
	const type = describedType(context, field(context, node, 'type'));
	const member = field(context, node, 'member');
	if (type.kind !== 'struct') throw context.error(node, phrase('{type} is not a struct', { type: typeName(type) }));
	const found = findField(type, member.text);
	if (!found)
		throw context.error(
			member,
			phrase('{type} has no member {text}', { type: typeName(type), text: member.text }),
			memberHint(type),
		);
	return constant(node.startIndex, UNSIGNED_INT, found.offset);
};

const checkConditional = (context: CheckContext, node: Node): Expression => {
	const conditionNode = field(context, node, 'condition');
	const condition = checkCondition(context, conditionNode, checkExpression(context, conditionNode));
	const trueNode = node.childForFieldName('consequence');
	const falseNode = field(context, node, 'alternative');
	const whenTrue = trueNode ? checkExpression(context, trueNode) : condition;
	const whenFalse = checkExpression(context, falseNode);
	const type = branchType(context, node, whenTrue, whenFalse) ?? commonly(context, node, whenTrue, whenFalse);
	const bring = (branch: Expression, branchNode: Node): Expression =>
		type.kind === 'void'
			? { kind: 'convert', at: branch.at, type, operand: branch }
			: assignable(context, branchNode, type, branch, phrase('the value of ?:'));
	const at = node.startIndex;
	if (!trueNode)
		return {
			kind: 'conditional',
			at,
			type,
			condition: bring(condition, conditionNode),
			whenTrue: undefined,
			whenFalse: bring(whenFalse, falseNode),
		};
	return {
		kind: 'conditional',
		at,
		type,
		condition,
		whenTrue: bring(whenTrue, trueNode),
		whenFalse: bring(whenFalse, falseNode),
	};
};
