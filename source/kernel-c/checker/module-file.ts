import type { Node } from 'web-tree-sitter';
import { phrase } from '../../phrases/phrase.ts';
import type { FunctionType } from '../c-types.ts';
import type { Expression, FunctionSymbol, LocalVariable, Statement } from '../tree.ts';
import type { CheckContext } from './context.ts';
import { declared, parameterOf, specifiedType, typeOfSpecifier } from './declarators.ts';
import { field } from './expressions.ts';
import { checkFileAssembly } from './file-assembly.ts';
import { completedBy, initialise } from './initialisers.ts';
import { type ModuleFile, readMacros } from './module-macros.ts';
import { checkExtern, checkStatements, checkTypedef, requireSize, staticInitialisers } from './statements.ts';

/** Check a whole .c file. Function bodies are read last, so that functions may call those below. */
export const checkModule = (context: CheckContext, root: Node): ModuleFile => {
	const bodies: (() => void)[] = [];
	const calls: Node[] = [];
	for (const node of root.namedChildren) {
		switch (node?.type) {
			case undefined:
			case 'comment':
				break;
			case 'function_definition':
				bodies.push(declareFunction(context, node));
				break;
			case 'declaration':
				checkGlobal(context, node);
				break;
			case 'type_definition':
				checkTypedef(context, node);
				break;
			case 'struct_specifier':
			case 'union_specifier':
			case 'enum_specifier':
				typeOfSpecifier(context, node);
				break;
			case 'expression_statement': {
				const [call] = node.namedChildren;
				if (call?.type === 'gnu_asm_expression') {
					checkFileAssembly(context, call);
					break;
				}
				if (call?.type !== 'call_expression') {
					if (call)
						throw context.error(
							node,
							phrase('{text} stands outside of any function', { text: context.textOf(node) }),
							'statements belong into a function',
						);
					break;
				}
				calls.push(call);
				break;
			}
			default:
				throw context.error(node, phrase('{text} stands outside of any function', { text: context.textOf(node) }));
		}
	}
	for (const body of bodies) body();
	for (const symbol of context.functions) {
		if (symbol.body === undefined) symbol.slots = -1;
	}
	return readMacros(context, calls);
};

/** Declare a function and give back what checks its body. */
export const declareFunction = (context: CheckContext, node: Node): (() => void) => {
	const base = specifiedType(context, node);
	const found = declared(context, field(context, node, 'declarator'), base);
	const { name, type } = found;
	if (type.kind !== 'function')
		throw context.error(
			node,
			phrase('{text} is not a function', { text: context.textOf(field(context, node, 'declarator')) }),
		);
	const isStatic = node.namedChildren.some(
		child => child?.type === 'storage_class_specifier' && child.text === 'static',
	);
	const symbol = functionSymbol(context, found.node, name, type, isStatic);
	if (symbol.body) throw context.error(found.node, phrase('{name} is defined twice', { name }));
	const body = field(context, node, 'body');
	// Marks it as defined before its body is read.
	symbol.body = { kind: 'block', at: body.startIndex, statements: [] };
	return () => checkBody(context, symbol, found.parameters, body);
};

const functionSymbol = (
	context: CheckContext,
	node: Node,
	name: string,
	type: FunctionType,
	isStatic: boolean,
): FunctionSymbol => {
	const known = context.fileScope.names.get(name);
	if (known?.kind === 'function' && !context.isBar) {
		if (known.type.parameters.length !== type.parameters.length)
			throw context.error(node, phrase('{name} was declared with other parameters', { name }));
		return known;
	}
	if (context.world.builtins.has(name))
		throw context.error(node, phrase('{name} is a function of the kernel', { name }), 'give yours another name');
	const symbol: FunctionSymbol = {
		kind: 'function',
		name,
		type,
		isStatic,
		body: undefined,
		parameters: [],
		slots: 0,
		address: 0,
	};
	context.declare(node, name, symbol);
	context.functions.push(symbol);
	return symbol;
};

const checkBody = (context: CheckContext, symbol: FunctionSymbol, list: Node | undefined, body: Node): void => {
	const state = {
		name: symbol.name,
		returns: symbol.type.returns,
		slots: 0,
		labels: new Set<string>(),
		gotos: [],
		enclosing: [],
	} as NonNullable<CheckContext['function']>;
	const outer = context.function;
	context.function = state;
	symbol.body = context.inScope(() => {
		const parameters: LocalVariable[] = [];
		for (const node of list?.namedChildren ?? []) {
			if (node?.type !== 'parameter_declaration') continue;
			const { name, type, node: nameNode } = parameterOf(context, node);
			if (type.kind === 'void') continue;
			const variable = context.local(nameNode, name, type);
			parameters.push(variable);
			if (name !== '') context.declare(nameNode, name, variable);
		}
		symbol.parameters = parameters;
		return { kind: 'block', at: body.startIndex, statements: checkStatements(context, body.namedChildren) };
	});
	checkGotos(context);
	symbol.slots = state.slots;
	context.function = outer;
};

export const checkGotos = (context: CheckContext): void => {
	for (const { label, node } of context.function?.gotos ?? []) {
		if (!context.function?.labels.has(label))
			throw context.error(
				node,
				phrase('this function has no label {label}', { label }),
				phrase('write {label}: before a statement', { label }),
			);
	}
};

/** A declaration at file level. */
const checkGlobal = (context: CheckContext, node: Node): void => {
	const base = specifiedType(context, node);
	const storage = node.namedChildren
		.filter(child => child?.type === 'storage_class_specifier')
		.map(child => child?.text);
	for (const declarator of node.childrenForFieldName('declarator')) {
		if (!declarator) continue;
		const isInit = declarator.type === 'init_declarator';
		const value = isInit ? declarator.childForFieldName('value') : null;
		const {
			name,
			type: given,
			node: nameNode,
		} = declared(context, isInit ? field(context, declarator, 'declarator') : declarator, base);
		if (name === '') continue;
		if (given.kind === 'function') {
			if (!context.world.builtins.has(name)) functionSymbol(context, nameNode, name, given, storage.includes('static'));
			continue;
		}
		if (storage.includes('extern') && !value) {
			checkExtern(context, nameNode, name);
			continue;
		}
		const type = completedBy(context, given, value);
		requireSize(context, nameNode, name, type);
		const known = context.fileScope.names.get(name);
		const variable = known?.kind === 'global' ? known : context.global(name, type);
		if (variable !== known) context.declare(nameNode, name, variable);
		if (!value) continue;
		const target: Expression = { kind: 'variable', at: nameNode.startIndex, type, variable };
		const statements = initialise(context, target, value);
		if (statements.some(hasCall))
			throw context.error(value, 'a global variable starts from a constant', 'assign it in the init function');
		staticInitialisers(context).push(...statements);
	}
};

/** Whether a statement calls anything. */
const hasCall = (statement: Statement): boolean =>
	/"kind":"(?:call|call-pointer|builtin)"/.test(JSON.stringify(statement, shallow));

/** Enough of a tree to look for calls: no symbols, whose bodies lead in circles. */
const shallow = (key: string, value: unknown): unknown => {
	if (key === 'symbol' || key === 'variable' || key === 'global' || key === 'type' || key === 'operation')
		return undefined;
	return typeof value === 'bigint' ? String(value) : value;
};
