import type { Node } from 'web-tree-sitter';
import { closest } from '../../machine/closest.ts';
import { asPhrase, type PlainPhrase, phrase } from '../../phrases/phrase.ts';
import { arrayOf, type CType, INT, pointerTo, type StructType, sizeOf, VOID } from '../c-types.ts';
import { UNNAMED } from '../preprocessor/ambiguities.ts';
import { TYPEDEF_TAG } from '../preprocessor/type-names.ts';
import { completeStruct, type StructMember } from '../struct-layout.ts';
import type { CheckContext } from './context.ts';
import { checkExpression } from './expressions.ts';
import { fold } from './fold.ts';
import { typeOfTag } from './typeof.ts';

const MAX_OBJECT_BYTES = 4 << 20;

/** The type that the specifiers of a declaration name (`static const unsigned long`, `struct page`). */
export const specifiedType = (context: CheckContext, declaration: Node): CType => {
	const node = declaration.childForFieldName('type');
	if (!node) return INT;
	return typeOfSpecifier(context, node);
};

export const typeOfSpecifier = (context: CheckContext, node: Node): CType => {
	switch (node.type) {
		case 'primitive_type':
		case 'sized_type_specifier': {
			const words = node.text.split(/\s+/);
			const type = context.world.types.fromWords(words);
			if (type) return type;
			const isFloat = words.includes('float') || words.includes('double');
			throw context.error(
				node,
				phrase('no type {text}', { text: node.text }),
				isFloat ? 'kernel code has no floating point' : undefined,
			);
		}
		case 'type_identifier':
			return namedType(context, node, node.text);
		case 'struct_specifier':
		case 'union_specifier':
			return structType(context, node);
		case 'enum_specifier':
			return enumType(context, node);
		case 'macro_type_specifier':
			return typeofType(context, node);
		default:
			throw context.error(node, phrase('{text} is not a type', { text: context.textOf(node) }));
	}
};

const namedType = (context: CheckContext, node: Node, name: string): CType => {
	const known = context.scope.find(name);
	if (known?.kind === 'typedef') return known.type;
	const type = context.world.types.names.get(name);
	if (type) return type;
	// In the command bar two words side by side are most often a call whose name is not right.
	if (context.isBarTop) {
		const hint = context.world.hint(name, context.userFunctions(), true);
		throw context.error(node, phrase('{name} is neither a function nor a type', { name }), hint);
	}
	const near = closest(name, [...context.world.types.names.keys(), ...context.scope.typedefNames()]);
	const hint = context.world.builtins.has(name)
		? phrase('a call is written {name}(...)', { name })
		: near === undefined
			? undefined
			: phrase('did you mean {near}?', { near });
	throw context.error(node, phrase('no type {name}', { name }), hint);
};

const typeofType = (context: CheckContext, node: Node): CType => {
	const name = node.childForFieldName('name')?.text ?? '';
	const descriptor = node.childForFieldName('type');
	if (!descriptor || !['typeof', '__typeof__', '__typeof'].includes(name)) {
		throw context.error(node, phrase('no type {text}', { text: context.textOf(node) }));
	}
	const bare = descriptor.namedChildCount === 1 ? descriptor.childForFieldName('type') : null;
	const variable = bare?.type === 'type_identifier' ? context.scope.find(bare.text) : undefined;
	if (variable?.kind === 'local' || variable?.kind === 'global') return variable.type;
	return describedType(context, descriptor);
};

const structType = (context: CheckContext, node: Node): CType => {
	const name = node.childForFieldName('name');
	const tag = name?.text ?? '';
	const typeOf = typeOfTag(context, tag);
	if (typeOf) return typeOf;
	if (tag.startsWith(TYPEDEF_TAG)) return namedType(context, node, tag.slice(TYPEDEF_TAG.length));
	const body = node.childForFieldName('body');
	const keyword = node.type === 'union_specifier' ? 'union' : 'struct';
	const known = tag === '' ? undefined : (context.scope.findTag(tag) ?? context.world.types.structs.get(tag));
	if (known === 'enum') throw context.error(node, phrase('{tag} is an enum', { tag }));
	if (!body && known) return known;
	const isRedefinition = body && known?.fields !== undefined && context.scope.tags.has(tag) && !context.isBarTop;
	if (isRedefinition || (body && context.world.types.structs.has(tag))) {
		throw context.error(node, phrase('struct {tag} is defined already', { tag }), 'give it another name');
	}
	const isForward = known !== undefined && known.fields === undefined && context.scope.tags.get(tag) === known;
	const type: StructType = isForward ? known : { kind: 'struct', keyword, tag, fields: undefined, bytes: 0, align: 1 };
	if (tag !== '') (body ? context.scope : context.fileScope).tags.set(tag, type);
	if (body) completeStruct(type, members(context, body), context.world.types.longLongAlign);
	return type;
};

const members = (context: CheckContext, body: Node): StructMember[] => {
	const found: StructMember[] = [];
	for (const field of body.namedChildren) {
		if (field?.type !== 'field_declaration') continue;
		const base = specifiedType(context, field);
		if (field.namedChildren.some(child => child?.type === 'bitfield_clause')) {
			found.push(...bitFields(context, field, base));
			continue;
		}
		const declarators = field.childrenForFieldName('declarator').filter(child => child !== null);
		if (declarators.length === 0) found.push({ name: '', type: base });
		for (const declarator of declarators) {
			const { name, type: given } = declared(context, declarator, base);
			// A flexible array member takes no room of its own.
			const type = given.kind === 'array' && given.length === undefined ? arrayOf(given.of, 0) : given;
			if (sizeOf(type) === undefined || type.kind === 'function') {
				throw context.error(declarator, phrase('member {name} has no size', { name }), 'its type must be complete');
			}
			if (found.some(member => member.name === name))
				throw context.error(declarator, phrase('member {name} is declared twice', { name }));
			found.push({ name, type });
		}
	}
	return found;
};

/** `unsigned int ready : 1, mode : 3` */
const bitFields = (context: CheckContext, field: Node, type: CType): StructMember[] => {
	let name = '';
	return field.namedChildren.flatMap(child => {
		if (child?.type === 'field_identifier') name = child.text;
		if (child?.type !== 'bitfield_clause') return [];
		const [size] = child.namedChildren;
		const width = size ? constantInteger(context, size, 'the width of a bit field') : -1;
		if (type.kind !== 'integer' || width < 0 || width > type.bytes * 8)
			throw context.error(child, phrase('{text} is no bit field', { text: context.textOf(field) }));
		return [{ name: name.startsWith(UNNAMED) ? '' : name, type, width }];
	});
};

const enumType = (context: CheckContext, node: Node): CType => {
	const name = node.childForFieldName('name')?.text;
	const body = node.childForFieldName('body');
	if (name !== undefined && body) context.scope.tags.set(name, 'enum');
	let next = 0;
	for (const enumerator of body?.namedChildren ?? []) {
		if (enumerator?.type !== 'enumerator') continue;
		const text = enumerator.childForFieldName('name')?.text ?? '';
		const value = enumerator.childForFieldName('value');
		if (value) next = constantInteger(context, value, 'the value of an enumerator');
		context.declare(enumerator, text, { kind: 'enumerator', type: INT, value: next | 0 });
		next++;
	}
	return INT;
};

/** An integer that must be known before the program runs. */
export const constantInteger = (context: CheckContext, node: Node, what: PlainPhrase): number => {
	const expression = checkExpression(context, node);
	const value = expression.type.kind === 'integer' ? fold(expression) : undefined;
	if (value === undefined) throw context.error(node, phrase('{what} must be a constant', { what: asPhrase(what) }));
	return Number(value);
};

export interface Declared {
	readonly name: string;
	readonly type: CType;
	/** The identifier, for messages. */
	readonly node: Node;
	/** Of a function: its parameter list. */
	readonly parameters: Node | undefined;
}

/** What a declarator declares, from the inside out: `*a[3]`, `(*f)(int)`. */
export const declared = (context: CheckContext, declarator: Node, base: CType): Declared => {
	let type = base;
	let parameters: Node | undefined;
	for (let node = declarator; ; ) {
		const inner: Node | null = node.childForFieldName('declarator') ?? null;
		switch (node.type) {
			case 'identifier':
			case 'field_identifier':
			case 'type_identifier':
			case 'primitive_type':
				return { name: node.text, type, node, parameters };
			case 'pointer_declarator':
			case 'abstract_pointer_declarator':
				type = pointerTo(type);
				parameters = undefined;
				break;
			case 'array_declarator':
			case 'abstract_array_declarator': {
				const size = node.childForFieldName('size');
				const length = size ? constantInteger(context, size, 'the size of an array') : undefined;
				if (length !== undefined && (length < 0 || length > MAX_OBJECT_BYTES))
					throw context.error(
						size ?? node,
						phrase('an array cannot have {length} elements', { length }),
						'take memory from vmalloc',
					);
				if (sizeOf(type) === undefined) throw context.error(node, 'the elements of this array have no size');
				type = arrayOf(type, length);
				if ((sizeOf(type) ?? 0) > MAX_OBJECT_BYTES)
					throw context.error(node, 'this array is too large', 'take memory from vmalloc');
				parameters = undefined;
				break;
			}
			case 'function_declarator':
			case 'abstract_function_declarator': {
				const list = node.childForFieldName('parameters');
				if (type.kind === 'struct' || type.kind === 'array')
					throw context.error(
						node,
						type.kind === 'struct'
							? 'a function cannot return a struct here'
							: 'a function cannot return an array here',
						'return a pointer',
					);
				type = { kind: 'function', returns: type, ...parameterTypes(context, list) };
				parameters = list ?? undefined;
				break;
			}
			case 'parenthesized_declarator':
			case 'abstract_parenthesized_declarator':
			case 'attributed_declarator':
			case 'init_declarator':
				break;
			default:
				throw context.error(node, phrase('{text} cannot be declared', { text: context.textOf(node) }));
		}
		const next =
			inner ??
			node.namedChildren.find(child => child?.type.endsWith('declarator') || child?.type === 'identifier') ??
			null;
		if (!next) return { name: '', type, node, parameters };
		node = next;
	}
};

const parameterTypes = (context: CheckContext, list: Node | null): { parameters: CType[]; isVariadic: boolean } => {
	const nodes = (list?.namedChildren ?? []).filter(child => child !== null);
	const isVariadic = nodes.some(child => child.type === 'variadic_parameter');
	const parameters = nodes
		.filter(child => child.type === 'parameter_declaration')
		.map(child => parameterOf(context, child).type);
	return { parameters: parameters.length === 1 && parameters[0]?.kind === 'void' ? [] : parameters, isVariadic };
};

/** A parameter; arrays and functions become pointers. */
export const parameterOf = (context: CheckContext, node: Node): Declared => {
	const base = specifiedType(context, node);
	const declarator = node.childForFieldName('declarator');
	const found = declarator
		? declared(context, declarator, base)
		: { name: '', type: base, node, parameters: undefined };
	const { type } = found;
	if (type.kind === 'array') return { ...found, type: pointerTo(type.of) };
	if (type.kind === 'function') return { ...found, type: pointerTo(type) };
	if (type.kind === 'struct')
		throw context.error(node, 'a struct cannot be passed by value here', 'pass a pointer to it');
	return found;
};

/** The type in a cast or sizeof: `struct page *`. */
export const describedType = (context: CheckContext, descriptor: Node): CType => {
	const node = descriptor.childForFieldName('type');
	const base = node ? typeOfSpecifier(context, node) : VOID;
	const declarator = descriptor.childForFieldName('declarator');
	return declarator ? declared(context, declarator, base).type : base;
};
