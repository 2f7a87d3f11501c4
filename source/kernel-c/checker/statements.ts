import type { Node } from 'web-tree-sitter';
import { phrase } from '../../phrases/phrase.ts';
import { type CType, INT, isInteger, promote, sizeOf, typeName } from '../c-types.ts';
import type { Expression, Statement, Variable } from '../tree.ts';
import type { CheckContext } from './context.ts';
import { assignable, checkCondition, checkInteger, convertTo, describe } from './conversions.ts';
import { constantInteger, declared, specifiedType, typeOfSpecifier } from './declarators.ts';
import { checkExpression, field } from './expressions.ts';
import { fold } from './fold.ts';
import { checkIdentifier } from './identifiers.ts';
import { completedBy, initialise } from './initialisers.ts';
import { combine } from './operators.ts';

export const checkStatement = (context: CheckContext, node: Node): Statement => {
	const at = node.startIndex;
	switch (node.type) {
		case 'compound_statement':
			return { kind: 'block', at, statements: context.inScope(() => checkStatements(context, node.namedChildren)) };
		case 'declaration':
			return asProduct(context, node) ?? { kind: 'block', at, statements: checkDeclaration(context, node) };
		case 'type_definition':
			checkTypedef(context, node);
			return { kind: 'block', at, statements: [] };
		case 'struct_specifier':
		case 'union_specifier':
		case 'enum_specifier':
			typeOfSpecifier(context, node);
			return { kind: 'block', at, statements: [] };
		case 'expression_statement': {
			const [expression] = node.namedChildren.filter(child => child?.type !== 'comment');
			if (!expression) return { kind: 'block', at, statements: [] };
			return { kind: 'expression', at, expression: checkExpression(context, expression), isResult: context.isBarTop };
		}
		case 'if_statement': {
			const elseNode = node.childForFieldName('alternative');
			const alternative = elseNode?.namedChildren.find(child => child?.type !== 'comment');
			const condition = conditionOf(context, node);
			const whenTrue = inner(context, field(context, node, 'consequence'));
			return { kind: 'if', at, condition, whenTrue, whenFalse: alternative ? inner(context, alternative) : undefined };
		}
		case 'while_statement':
		case 'do_statement': {
			const isTestedLast = node.type === 'do_statement';
			const condition = conditionOf(context, node);
			return { kind: 'loop', at, condition, update: undefined, body: loopBody(context, node), isTestedLast };
		}
		case 'for_statement':
			return context.inScope(() => checkFor(context, node));
		case 'switch_statement': {
			const conditionNode = field(context, node, 'condition');
			const value = checkInteger(context, conditionNode, checkExpression(context, conditionNode));
			const type = isInteger(value.type) ? promote(value.type) : INT;
			const body = nested(context, 'switch', () => checkStatement(context, field(context, node, 'body')));
			return { kind: 'switch', at, value: convertTo(type, value), body };
		}
		case 'case_statement':
			return { kind: 'block', at, statements: checkCase(context, node) };
		case 'break_statement':
			if (context.function?.enclosing.length) return { kind: 'break', at };
			throw context.error(node, 'break stands in no loop and no switch');
		case 'continue_statement':
			if (context.function?.enclosing.includes('loop')) return { kind: 'continue', at };
			throw context.error(node, 'continue stands in no loop');
		case 'return_statement':
			return checkReturn(context, node);
		case 'goto_statement': {
			const label = field(context, node, 'label');
			context.requireFunction(node).gotos.push({ label: label.text, node: label });
			return { kind: 'goto', at, name: label.text };
		}
		case 'labeled_statement': {
			const name = field(context, node, 'label').text;
			const { labels } = context.requireFunction(node);
			if (labels.has(name)) throw context.error(node, phrase('label {name} stands twice in this function', { name }));
			labels.add(name);
			const rest = node.namedChildren.slice(1);
			return { kind: 'block', at, statements: [{ kind: 'label', at, name }, ...checkStatements(context, rest)] };
		}
		case 'function_definition':
			throw context.error(node, 'a function cannot be defined inside another', 'is a } missing before it?');
		default:
			throw context.error(node, phrase('{text} cannot stand here', { text: context.textOf(node) }));
	}
};

/** The body of an if; as a scope of its own, so that nothing in it counts as the bar's outermost block. */
const inner = (context: CheckContext, node: Node): Statement => context.inScope(() => checkStatement(context, node));

export const checkStatements = (context: CheckContext, nodes: readonly (Node | null)[]): Statement[] =>
	nodes
		.filter((node): node is Node => node !== null && node.type !== 'comment')
		.map(node => checkStatement(context, node));

const conditionOf = (context: CheckContext, node: Node): Expression => {
	const condition = field(context, node, 'condition');
	return checkCondition(context, condition, checkExpression(context, condition));
};

const nested = <T>(context: CheckContext, kind: 'loop' | 'switch', check: () => T): T => {
	const { enclosing } = context.function ?? { enclosing: [] as ('loop' | 'switch')[] };
	enclosing.push(kind);
	try {
		return check();
	} finally {
		enclosing.pop();
	}
};

const loopBody = (context: CheckContext, node: Node): Statement =>
	nested(context, 'loop', () => inner(context, field(context, node, 'body')));

const checkFor = (context: CheckContext, node: Node): Statement => {
	const at = node.startIndex;
	const first = node.childForFieldName('initializer');
	const start: Statement[] = [];
	if (first?.type === 'declaration') start.push(...checkDeclaration(context, first));
	else if (first) start.push({ kind: 'expression', at, expression: checkExpression(context, first), isResult: false });
	const conditionNode = node.childForFieldName('condition');
	const condition = conditionNode
		? checkCondition(context, conditionNode, checkExpression(context, conditionNode))
		: undefined;
	const updateNode = node.childForFieldName('update');
	const update = updateNode ? checkExpression(context, updateNode) : undefined;
	const loop: Statement = { kind: 'loop', at, condition, update, body: loopBody(context, node), isTestedLast: false };
	return { kind: 'block', at, statements: [...start, loop] };
};

const checkCase = (context: CheckContext, node: Node): Statement[] => {
	const at = node.startIndex;
	if (!context.function?.enclosing.includes('switch')) throw context.error(node, 'case stands in no switch');
	const valueNode = node.childForFieldName('value');
	const range = valueNode?.type === 'call_expression' ? caseRange(context, valueNode) : undefined;
	if (range) {
		const after = node.namedChildren.filter(child => child?.id !== valueNode?.id);
		return [...range.map(value => ({ kind: 'case', at, value }) as const), ...checkStatements(context, after)];
	}
	const isDefault = node.children[0]?.type === 'default';
	const expression = valueNode ? checkInteger(context, valueNode, checkExpression(context, valueNode)) : undefined;
	const value = expression ? fold(expression) : undefined;
	if (!isDefault && value === undefined)
		throw context.error(valueNode ?? node, 'the value of a case must be a constant');
	const statements = node.namedChildren.filter(child => child?.id !== valueNode?.id);
	return [{ kind: 'case', at, value }, ...checkStatements(context, statements)];
};

const MAX_RANGE = 4096;

/** The values of `case 1 ... 3:`, which the parser was given as a call. */
const caseRange = (context: CheckContext, node: Node): number[] | undefined => {
	if (field(context, node, 'function').text !== '__case_range') return undefined;
	const bounds = field(context, node, 'arguments')
		.namedChildren.filter(child => child !== null)
		.map(child => constantInteger(context, child, 'the value of a case'));
	const [first = 0, last = 0] = bounds;
	if (last < first || last - first >= MAX_RANGE)
		throw context.error(node, phrase('{first} ... {last} is no range of case values', { first, last }));
	return Array.from({ length: last - first + 1 }, (_, index) => first + index);
};

const checkReturn = (context: CheckContext, node: Node): Statement => {
	const at = node.startIndex;
	const state = context.requireFunction(node);
	const [valueNode] = node.namedChildren.filter(child => child?.type !== 'comment');
	if (context.isBar && state.name === '') throw context.error(node, 'there is no function to return from');
	if (!valueNode) {
		if (state.returns.kind !== 'void')
			throw context.error(
				node,
				phrase('{name} must return {type}', { name: state.name, type: typeName(state.returns) }),
			);
		return { kind: 'return', at, value: undefined };
	}
	const value = checkExpression(context, valueNode);
	if (state.returns.kind === 'void') {
		if (value.type.kind === 'void')
			return {
				kind: 'block',
				at,
				statements: [
					{ kind: 'expression', at, expression: value, isResult: false },
					{ kind: 'return', at, value: undefined },
				],
			};
		throw context.error(valueNode, phrase('{name} returns nothing (void)', { name: state.name }));
	}
	return {
		kind: 'return',
		at,
		value: assignable(context, valueNode, state.returns, value, `the result of ${state.name}`),
	};
};

const storageOf = (node: Node): string[] =>
	node.namedChildren.filter(child => child?.type === 'storage_class_specifier').map(child => child?.text ?? '');

/** A declaration in a function or in the command bar: its initialisers as statements. */
export const checkDeclaration = (context: CheckContext, node: Node): Statement[] => {
	const base = specifiedType(context, node);
	const storage = storageOf(node);
	const statements: Statement[] = [];
	for (const declarator of node.childrenForFieldName('declarator')) {
		if (!declarator) continue;
		const isInit = declarator.type === 'init_declarator';
		const value = isInit ? declarator.childForFieldName('value') : null;
		const found = declared(context, isInit ? field(context, declarator, 'declarator') : declarator, base);
		const { name, node: nameNode } = found;
		if (found.type.kind === 'function') continue;
		if (storage.includes('extern')) {
			checkExtern(context, nameNode, name);
			continue;
		}
		const type = completedBy(context, found.type, value);
		requireSize(context, nameNode, name, type);
		const at = node.startIndex;
		const isKept = context.isBarTop || storage.includes('static');
		const variable: Variable = isKept ? context.global(name, type) : context.local(nameNode, name, type);
		context.declare(nameNode, name, variable);
		const target: Expression = { kind: 'variable', at, type, variable };
		const isAggregate = type.kind === 'array' || type.kind === 'struct';
		if (isAggregate && !isKept) statements.push({ kind: 'reserve', at, variable, isZeroed: value !== null });
		if (!value) continue;
		const given = initialise(context, target, value, context.isBarTop);
		if (storage.includes('static') && !context.isBarTop) staticInitialisers(context).push(...given);
		else statements.push(...given);
	}
	return statements;
};

const statics = new WeakMap<CheckContext, Statement[]>();

/** What runs once, before anything else of a module: the first values of its global and static variables. */
export const staticInitialisers = (context: CheckContext): Statement[] => {
	const known = statics.get(context) ?? [];
	statics.set(context, known);
	return known;
};

export const requireSize = (context: CheckContext, node: Node, name: string, type: CType): void => {
	if (type.kind === 'void' || sizeOf(type) === undefined) {
		const hint =
			type.kind === 'struct' ? phrase('use a pointer: {type} *{name}', { type: typeName(type), name }) : undefined;
		throw context.error(node, phrase('{name} is {type} and has no size', { name, type: describe(type) }), hint);
	}
};

/** `extern` can only name what the kernel has. */
export const checkExtern = (context: CheckContext, node: Node, name: string): void => {
	const { world } = context;
	if (world.globals.has(name) || world.constants.has(name) || world.builtins.has(name) || context.scope.find(name))
		return;
	throw context.error(node, phrase('this kernel has no variable {name}', { name }), world.hint(name));
};

/** `a * b;` reads like a declaration to the grammar; when a is a variable it is a product. */
const asProduct = (context: CheckContext, node: Node): Statement | undefined => {
	const typeNode = node.childForFieldName('type');
	const declarators = node.childrenForFieldName('declarator');
	const [declarator] = declarators;
	if (typeNode?.type !== 'type_identifier' || declarators.length !== 1 || declarator?.type !== 'pointer_declarator')
		return undefined;
	const known = context.scope.find(typeNode.text);
	const isValue = (known && known.kind !== 'typedef') || context.world.constants.has(typeNode.text);
	if (!isValue) return undefined;
	const factor = declarator.childForFieldName('declarator');
	if (factor?.type !== 'identifier') {
		const hint = context.isBar ? 'put it in parentheses' : undefined;
		throw context.error(node, phrase('{text} computes a product and drops it', { text: context.textOf(node) }), hint);
	}
	const left = checkIdentifier(context, typeNode);
	const expression = combine(context, node, '*', left, checkExpression(context, factor));
	return { kind: 'expression', at: node.startIndex, expression, isResult: context.isBarTop };
};

export const checkTypedef = (context: CheckContext, node: Node): void => {
	const base = specifiedType(context, node);
	for (const declarator of node.childrenForFieldName('declarator')) {
		if (!declarator) continue;
		const { name, type } = declared(context, declarator, base);
		context.declare(declarator, name, { kind: 'typedef', type });
	}
};

/** `({ ...; value; })` */
export const checkBlockExpression = (context: CheckContext, node: Node): Expression => {
	const at = node.startIndex;
	context.requireFunction(node);
	const statements = context.inScope(() => checkStatements(context, node.namedChildren));
	const last = statements.at(-1);
	if (last?.kind !== 'expression') return { kind: 'block', at, type: { kind: 'void' }, statements, value: undefined };
	return { kind: 'block', at, type: last.expression.type, statements: statements.slice(0, -1), value: last.expression };
};
