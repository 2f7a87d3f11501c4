import type { Node } from 'web-tree-sitter';
import {
	arrayOf,
	findField,
	INT,
	isPointer,
	pointerTo,
	type StructType,
	sizeOf,
	typeName,
	UNSIGNED_INT,
} from '../c-types.ts';
import { wrap } from '../c-value.ts';
import { parseNumber, unescapeLiteral } from '../literals.ts';
import type { Expression } from '../tree.ts';
import { checkAssignment } from './assignments.ts';
import { checkCall } from './calls.ts';
import type { CheckContext } from './context.ts';
import {
	addressOf,
	assignable,
	branchType,
	checkCondition,
	checkInteger,
	convertTo,
	describe,
	rvalue,
} from './conversions.ts';
import { describedType } from './declarators.ts';
import { constant } from './fold.ts';
import { checkIdentifier } from './identifiers.ts';
import { checkCompoundLiteral } from './initialisers.ts';
import { checkBinary, checkUnary, commonly, offsetBy } from './operators.ts';
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
			const number = parseNumber(node.text);
			if (!number) {
				const isFloat = /^[\d.]+(?:[eE][-+]?\d+)?[fF]?$/.test(node.text);
				throw context.error(
					node,
					`${node.text} is not an integer of C`,
					isFloat ? 'kernel code has no floating point' : undefined,
				);
			}
			return { kind: 'constant', at, ...number };
		}
		case 'char_literal': {
			const text = unescapeLiteral(node.text.replace(/^L/, ''));
			if (text?.length !== 1)
				throw context.error(node, `${node.text} is not one character`, 'strings have "double quotes"');
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
			throw context.error(node, `${context.textOf(node)} cannot stand in an expression`);
	}
};

/** A child that the grammar promises. */
export const field = (context: CheckContext, node: Node, name: string): Node => {
	const child = node.childForFieldName(name);
	if (!child) throw context.error(node, `${context.textOf(node)} is not complete`);
	return child;
};

const checkString = (context: CheckContext, node: Node): Expression => {
	const parts = node.type === 'string_literal' ? [node] : node.namedChildren;
	const text = parts.map(part => {
		if (part?.type !== 'string_literal') {
			if (part && part.type === 'comment') return '';
			const hint =
				part && /^PRI|KERN_/.test(part.text) ? 'no such macro in this kernel' : 'strings are joined only with strings';
			throw context.error(part ?? node, `${part ? context.textOf(part) : ''} is not a string`, hint);
		}
		const bytes = unescapeLiteral(part.text.replace(/^(?:u8|[LuU])/, ''));
		if (bytes === undefined)
			throw context.error(
				part,
				`${context.textOf(part)} has an escape that C does not know`,
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

/** `*p` and `&x`. */
const checkPointer = (context: CheckContext, node: Node): Expression => {
	const at = node.startIndex;
	const argument = field(context, node, 'argument');
	if (field(context, node, 'operator').text === '&') {
		const target = checkLvalue(context, argument);
		if (target.kind === 'function') return target;
		return addressOf(context, argument, target);
	}
	const pointer = checkExpression(context, argument);
	if (pointer.kind === 'function') return pointer;
	return dereference(context, argument, pointer, at);
};

/** What a pointer points to. The command bar reads a word through `void *`, since kmap returns one. */
const dereference = (context: CheckContext, node: Node, pointer: Expression, at: number): Expression => {
	const { type } = pointer;
	if (!isPointer(type)) {
		const hint =
			type.kind === 'integer' && type.bytes === 4 ? `cast it: *(unsigned int *)${context.textOf(node)}` : undefined;
		throw context.error(node, `${context.textOf(node)} is ${describe(type)}, not a pointer`, hint);
	}
	if (type.to.kind === 'void') {
		if (!context.isBar)
			throw context.error(
				node,
				`${context.textOf(node)} is a void *`,
				`cast it: *(unsigned int *)${context.textOf(node)}`,
			);
		return { kind: 'memory', at, type: UNSIGNED_INT, address: convertTo(pointerTo(UNSIGNED_INT), pointer) };
	}
	if (type.to.kind === 'function') return pointer;
	return { kind: 'memory', at, type: type.to, address: pointer };
};

const checkSubscript = (context: CheckContext, node: Node): Expression => {
	const at = node.startIndex;
	const argument = field(context, node, 'argument');
	const indexNode = field(context, node, 'index');
	const base = checkLvalue(context, argument);
	if (base.kind === 'global' && base.global.length !== undefined) {
		const index = checkInteger(context, indexNode, checkExpression(context, indexNode));
		return { kind: 'element', at, type: base.global.type, global: base.global, index: convertTo(INT, index) };
	}
	const pointer = rvalue(context, argument, base);
	const index = checkExpression(context, indexNode);
	if (!isPointer(pointer.type))
		throw context.error(argument, `${context.textOf(argument)} is ${describe(pointer.type)}, not an array or pointer`);
	return dereference(
		context,
		argument,
		offsetBy(context, node, pointer, checkInteger(context, indexNode, index), 1),
		at,
	);
};

const checkField = (context: CheckContext, node: Node): Expression => {
	const at = node.startIndex;
	const argument = field(context, node, 'argument');
	const name = field(context, node, 'field');
	const isArrow = node.children.some(child => child?.type === '->');
	const base = isArrow ? checkExpression(context, argument) : checkLvalue(context, argument);
	const type = isArrow ? (isPointer(base.type) ? base.type.to : undefined) : base.type;
	if (type?.kind !== 'struct') {
		const isWrongDot = !isArrow && isPointer(base.type) && base.type.to.kind === 'struct';
		const isWrongArrow = isArrow && base.type.kind === 'struct';
		const hint = isWrongDot ? 'use -> behind a pointer' : isWrongArrow ? 'use . behind a struct' : undefined;
		throw context.error(
			node,
			`${context.textOf(argument)} is ${describe(base.type)} and has no member ${name.text}`,
			hint,
		);
	}
	const found = findField(type, name.text);
	if (!found) throw context.error(name, `${typeName(type)} has no member ${name.text}`, memberHint(type));
	const address = isArrow ? base : addressOf(context, argument, base);
	const pointer = pointerTo(found.type);
	const index = constant(at, INT, found.offset);
	return {
		kind: 'memory',
		at,
		type: found.type,
		address: { kind: 'offset', at, type: pointer, pointer: address, index, scale: 1 },
	};
};

const memberHint = (type: StructType): string | undefined => {
	if (type.tag === 'page') return 'ask page_to_pfn, page_address, PageHighMem or page_zonenum';
	if (type.fields === undefined) return 'its members are not known here';
	return `it has ${type.fields.map(({ name }) => name).join(', ')}`;
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
			`${context.textOf(value)} is ${describe(operand.type)} and cannot be cast to ${typeName(type)}`,
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
	if (size === undefined) throw context.error(node, `${typeName(type)} has no size here`);
	return constant(node.startIndex, UNSIGNED_INT, node.type === 'sizeof_expression' ? size : Math.min(size, 8));
};

const checkOffsetof = (context: CheckContext, node: Node): Expression => {
	const type = describedType(context, field(context, node, 'type'));
	const member = field(context, node, 'member');
	if (type.kind !== 'struct') throw context.error(node, `${typeName(type)} is not a struct`);
	const found = findField(type, member.text);
	if (!found) throw context.error(member, `${typeName(type)} has no member ${member.text}`, memberHint(type));
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
			: assignable(context, branchNode, type, branch, 'the value of ?:');
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
