import type { Node } from 'web-tree-sitter';
import { phrase, type Text } from '../../phrases/phrase.ts';
import { SPACE_MEMBERS } from '../builtins/address-spaces.ts';
import { type BuiltinRow, fitBuiltin } from '../builtins/builtin.ts';
import { TASK_MEMBERS } from '../builtins/current-task.ts';
import { NODE_MEMBERS, ZONE_MEMBERS } from '../builtins/zones.ts';
import { findField, INT, isPointer, pointerTo, type StructType, typeName, UNSIGNED_INT } from '../c-types.ts';
import type { Expression } from '../tree.ts';
import type { CheckContext } from './context.ts';
import { addressOf, checkInteger, convertTo, describe, rvalue } from './conversions.ts';
import { checkExpression, checkLvalue, field } from './expressions.ts';
import { constant } from './fold.ts';
import { offsetBy } from './operators.ts';

/** `*p` and `&x`. */
export const checkPointer = (context: CheckContext, node: Node): Expression => {
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
			type.kind === 'integer' && type.bytes === 4
				? phrase('cast it: *(unsigned int *){text}', { text: context.textOf(node) })
				: undefined;
		throw context.error(
			node,
			phrase('{text} is {type}, not a pointer', { text: context.textOf(node), type: describe(type) }),
			hint,
		);
	}
	if (type.to.kind === 'void') {
		if (!context.isBar)
			throw context.error(
				node,
				phrase('{text} is a void *', { text: context.textOf(node) }),
				phrase('cast it: *(unsigned int *){text}', { text: context.textOf(node) }),
			);
		return { kind: 'memory', at, type: UNSIGNED_INT, address: convertTo(pointerTo(UNSIGNED_INT), pointer) };
	}
	if (type.to.kind === 'function') return pointer;
	return { kind: 'memory', at, type: type.to, address: pointer };
};

export const checkSubscript = (context: CheckContext, node: Node): Expression => {
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
		throw context.error(
			argument,
			phrase('{text} is {type}, not an array or pointer', {
				text: context.textOf(argument),
				type: describe(pointer.type),
			}),
		);
	return dereference(
		context,
		argument,
		offsetBy(context, node, pointer, checkInteger(context, indexNode, index), 1),
		at,
	);
};

export const checkField = (context: CheckContext, node: Node): Expression => {
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
			phrase('{text} is {type} and has no member {text2}', {
				text: context.textOf(argument),
				type: describe(base.type),
				text2: name.text,
			}),
			hint,
		);
	}
	const asked = checkKernelMember(
		context,
		at,
		type,
		isArrow ? base : base.kind === 'memory' ? base.address : undefined,
		name,
	);
	if (asked) return asked;
	const found = findField(type, name.text);
	if (!found)
		throw context.error(
			name,
			phrase('{type} has no member {text}', { type: typeName(type), text: name.text }),
			memberHint(type),
		);
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

/** Structs of the kernel that are not in memory here, and what can be asked of them. */
const MEMBERS: ReadonlyMap<string, ReadonlyMap<string, BuiltinRow>> = new Map([
	['task_struct', TASK_MEMBERS],
	['mm_struct', SPACE_MEMBERS],
	['zone', ZONE_MEMBERS],
	['pglist_data', NODE_MEMBERS],
]);

/** `pointer->member` of such a struct; undefined when it is another one. */
const checkKernelMember = (
	context: CheckContext,
	at: number,
	{ tag, fields }: StructType,
	pointer: Expression | undefined,
	member: Node,
): Expression | undefined => {
	const members = fields === undefined ? MEMBERS.get(tag) : undefined;
	if (!members || !pointer) return undefined;
	const row = members.get(member.text);
	if (!row) {
		throw context.error(
			member,
			phrase('{type} has no member {text}', { type: `struct ${tag}`, text: member.text }),
			phrase('here it has {members}', { members: [...members.keys()].join(', ') }),
		);
	}
	const builtin = fitBuiltin(row, context.world.types);
	const { returns } = builtin;
	const value: Expression = { kind: 'builtin', at, type: returns, builtin, args: [pointer] };
	// An atomic_t is no value but a place.
	const isPlace = isPointer(returns) && returns.to === context.world.types.names.get('atomic_t');
	return isPlace ? { kind: 'memory', at, type: returns.to, address: value } : value;
};

/** What to say beside "no such member". */
export const memberHint = (type: StructType): Text => {
	if (type.tag === 'page') return 'ask page_count, page_to_pfn, page_address, PageHighMem or page_zonenum';
	if (type.fields === undefined) return 'its members are not known here';
	return phrase('it has {members}', { members: type.fields.map(({ name }) => name).join(', ') });
};
