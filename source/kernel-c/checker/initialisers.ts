import type { Node } from 'web-tree-sitter';
import { phrase } from '../../phrases/phrase.ts';
import { arrayOf, type CType, findField, INT, pointerTo, sizeOf } from '../c-types.ts';
import type { Expression, Statement } from '../tree.ts';
import { assign } from './assignments.ts';
import type { CheckContext } from './context.ts';
import { addressOf } from './conversions.ts';
import { constantInteger, describedType } from './declarators.ts';
import { checkExpression, checkLvalue, field } from './expressions.ts';
import { constant } from './fold.ts';

const store = (expression: Expression, isResult = false): Statement => ({
	kind: 'expression',
	at: expression.at,
	expression,
	isResult,
});

/** `int a[] = {1, 2}` has two elements: the type completed by its initialiser. */
export const completedBy = (context: CheckContext, type: CType, value: Node | null): CType => {
	if (type.kind !== 'array' || type.length !== undefined || !value) return type;
	if (value.type !== 'initializer_list') {
		const text = checkLvalue(context, value);
		return text.type.kind === 'array' ? arrayOf(type.of, text.type.length) : type;
	}
	let length = 0;
	let next = 0;
	for (const element of elements(value)) {
		const index = element.type === 'initializer_pair' ? subscript(context, element) : undefined;
		next = (index ?? next) + 1;
		length = Math.max(length, next);
	}
	return arrayOf(type.of, length);
};

const elements = (list: Node): Node[] =>
	list.namedChildren.filter((child): child is Node => child !== null && child.type !== 'comment');

const subscript = (context: CheckContext, pair: Node): number | undefined => {
	const designator = pair.childForFieldName('designator');
	const index = designator?.type === 'subscript_designator' ? designator.namedChildren[0] : undefined;
	return index ? constantInteger(context, index, 'the index of an element') : undefined;
};

/**
 * Statements that give `target` its first value. Arrays and structs are zero before.
 * @param isResult Whether the command bar shows the value of a scalar.
 */
export const initialise = (context: CheckContext, target: Expression, value: Node, isResult = false): Statement[] => {
	const { type } = target;
	// GNU C takes `(struct s){ ... }` for the braces alone, as RB_ROOT is used.
	const literal = value.type === 'compound_literal_expression' ? value.childForFieldName('value') : null;
	if (literal && (type.kind === 'array' || type.kind === 'struct')) return initialise(context, target, literal);
	if (value.type === 'initializer_list') {
		if (type.kind === 'array') return initialiseArray(context, target, value, type.of, type.length ?? 0);
		if (type.kind === 'struct') return initialiseStruct(context, target, value);
		const [only, ...more] = elements(value);
		if (!only || more.length > 0) throw context.error(value, 'one value is needed here');
		return initialise(context, target, only, isResult);
	}
	if (type.kind === 'array') {
		const text = checkLvalue(context, value);
		if (text.kind !== 'string' || sizeOf(type.of) !== 1)
			throw context.error(value, 'an array starts from values in braces');
		if (text.text.length > (type.length ?? 0)) throw context.error(value, 'this string is longer than the array');
		return [...text.text].map((character, index) =>
			store({
				kind: 'assign',
				at: value.startIndex,
				type: type.of,
				target: part(context, value, target, type.of, index),
				value: constant(value.startIndex, INT, character.charCodeAt(0)),
			}),
		);
	}
	const name = target.kind === 'variable' ? target.variable.name : 'this member';
	return [store(assign(context, value, target, checkExpression(context, value), name), isResult)];
};

/** Element or member at a byte offset of an aggregate. */
const partAt = (context: CheckContext, node: Node, whole: Expression, type: CType, offset: number): Expression => {
	const at = node.startIndex;
	const pointer = addressOf(context, node, whole);
	return {
		kind: 'memory',
		at,
		type,
		address: { kind: 'offset', at, type: pointerTo(type), pointer, index: constant(at, INT, offset), scale: 1 },
	};
};

const part = (context: CheckContext, node: Node, whole: Expression, type: CType, index: number): Expression =>
	partAt(context, node, whole, type, index * (sizeOf(type) ?? 1));

const initialiseArray = (
	context: CheckContext,
	target: Expression,
	list: Node,
	element: CType,
	length: number,
): Statement[] => {
	const statements: Statement[] = [];
	let index = 0;
	for (const node of elements(list)) {
		const isPair = node.type === 'initializer_pair';
		if (isPair) index = subscript(context, node) ?? index;
		if (index < 0 || index >= length)
			throw context.error(node, phrase('this array has {length} elements', { length }), 'give it a larger size');
		const value = isPair ? field(context, node, 'value') : node;
		statements.push(...initialise(context, part(context, node, target, element, index), value));
		index++;
	}
	return statements;
};

const initialiseStruct = (context: CheckContext, target: Expression, list: Node): Statement[] => {
	const fields = target.type.kind === 'struct' ? (target.type.fields ?? []) : [];
	const statements: Statement[] = [];
	let index = 0;
	for (const node of elements(list)) {
		const isPair = node.type === 'initializer_pair';
		const name = isPair ? node.childForFieldName('designator')?.namedChildren[0]?.text : undefined;
		if (name !== undefined) index = fields.findIndex(member => member.name === name);
		const inner = name !== undefined && target.type.kind === 'struct' ? findField(target.type, name) : undefined;
		const member = fields[index] ?? inner;
		if (!member)
			throw context.error(
				node,
				name === undefined ? 'there are more values than members' : phrase('there is no member {name}', { name }),
			);
		const value = isPair ? field(context, node, 'value') : node;
		statements.push(...initialise(context, partAt(context, node, target, member.type, member.offset), value));
		index++;
	}
	return statements;
};

/** `(struct s){ ... }`: an unnamed variable, which has an address. */
export const checkCompoundLiteral = (context: CheckContext, node: Node): Expression => {
	const at = node.startIndex;
	const list = field(context, node, 'value');
	const type = completedBy(context, describedType(context, field(context, node, 'type')), list);
	const variable = context.local(node, '', type);
	const target: Expression = { kind: 'variable', at, type, variable };
	const isAggregate = type.kind === 'array' || type.kind === 'struct';
	const reserve: Statement[] = isAggregate ? [{ kind: 'reserve', at, variable, isZeroed: true }] : [];
	const pointer: Expression = {
		kind: 'block',
		at,
		type: pointerTo(type),
		statements: [...reserve, ...initialise(context, target, list)],
		value: addressOf(context, node, target),
	};
	return { kind: 'memory', at, type, address: pointer };
};
