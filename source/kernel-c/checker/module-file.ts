import type { Node } from 'web-tree-sitter';
import { phrase } from '../../phrases/phrase.ts';
import type { FunctionType } from '../c-types.ts';
import type { Expression, FunctionSymbol, GlobalVariable, LocalVariable, Statement } from '../tree.ts';
import type { CheckContext } from './context.ts';
import { declared, parameterOf, specifiedType, typeOfSpecifier } from './declarators.ts';
import { field } from './expressions.ts';
import { completedBy, initialise } from './initialisers.ts';
import { checkExtern, checkStatements, checkTypedef, requireSize, staticInitialisers } from './statements.ts';

/** What a module's macros say about it. */
export interface ModuleFile {
	readonly init: FunctionSymbol | undefined;
	readonly exit: FunctionSymbol | undefined;
	/** First values of global and static variables. */
	readonly initialisers: readonly Statement[];
	readonly exports: readonly string[];
	readonly parameters: readonly ModuleParameter[];
}

/** What `insmod FILE.c name=value` may set. */
export interface ModuleParameter {
	readonly name: string;
	readonly variable: GlobalVariable;
}

const INIT_MACROS = new Set([
	'module_init',
	'device_initcall',
	'late_initcall',
	'subsys_initcall',
	'core_initcall',
	'fs_initcall',
	'arch_initcall',
]);
const TEXT_MACROS = new Set([
	'MODULE_LICENSE',
	'MODULE_AUTHOR',
	'MODULE_DESCRIPTION',
	'MODULE_VERSION',
	'MODULE_ALIAS',
	'MODULE_INFO',
	'MODULE_PARM_DESC',
	'MODULE_SOFTDEP',
	'MODULE_IMPORT_NS',
	'MODULE_FIRMWARE',
]);
const PARAMETER_MACROS = new Set([
	'module_param',
	'module_param_named',
	'module_param_array',
	'module_param_string',
	'core_param',
]);
const EXPORT_MACROS = new Set(['EXPORT_SYMBOL', 'EXPORT_SYMBOL_GPL', 'EXPORT_SYMBOL_NS', 'EXPORT_SYMBOL_NS_GPL']);

/** Everything that stands at file level and is no declaration. */
export const FILE_MACROS: ReadonlySet<string> = new Set([
	...INIT_MACROS,
	...TEXT_MACROS,
	...PARAMETER_MACROS,
	...EXPORT_MACROS,
	'module_exit',
]);

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

const readMacros = (context: CheckContext, calls: readonly Node[]): ModuleFile => {
	let init: FunctionSymbol | undefined;
	let exit: FunctionSymbol | undefined;
	const exports: string[] = [];
	const parameters: ModuleParameter[] = [];
	for (const call of calls) {
		const callee = field(context, call, 'function');
		const [first] = field(context, call, 'arguments').namedChildren;
		const name = callee.text;
		if (TEXT_MACROS.has(name)) continue;
		if (PARAMETER_MACROS.has(name)) {
			parameters.push(parameterOfModule(context, call));
			continue;
		}
		if (EXPORT_MACROS.has(name)) exports.push(namedFunctionOrVariable(context, call, first));
		else if (INIT_MACROS.has(name)) {
			if (init) throw context.error(call, 'this module has two init functions');
			init = namedFunction(context, call, first, name);
		} else if (name === 'module_exit') {
			if (exit) throw context.error(call, 'this module has two exit functions');
			exit = namedFunction(context, call, first, name);
		} else {
			const hint = context.world.builtins.has(name)
				? 'calls belong into a function'
				: context.world.hint(name, [...TEXT_MACROS, ...INIT_MACROS, 'module_exit']);
			throw context.error(call, phrase('{name}(...) stands outside of any function', { name }), hint);
		}
	}
	return { init, exit, exports, parameters, initialisers: staticInitialisers(context) };
};

/** `module_param(variable, type, perm)`; the longer forms name the parameter first. */
const parameterOfModule = (context: CheckContext, call: Node): ModuleParameter => {
	const names = field(context, call, 'arguments').namedChildren.filter(child => child !== null);
	const [first, second] = names;
	const node = second ?? first;
	const symbol = node ? context.fileScope.find(node.text) : undefined;
	if (!first || !node || symbol?.kind !== 'global')
		throw context.error(
			node ?? call,
			phrase('{macro} needs a variable of this file', { macro: field(context, call, 'function').text }),
			node ? phrase('there is no variable {text}', { text: node.text }) : undefined,
		);
	return { name: first.text, variable: symbol };
};

const namedFunction = (
	context: CheckContext,
	call: Node,
	node: Node | null | undefined,
	macro: string,
): FunctionSymbol => {
	const symbol = node ? context.fileScope.find(node.text) : undefined;
	if (symbol?.kind !== 'function' || !symbol.body)
		throw context.error(
			node ?? call,
			phrase('{macro} needs a function of this file', { macro }),
			node ? phrase('there is no function {text}', { text: node.text }) : undefined,
		);
	if (symbol.parameters.length > 0)
		throw context.error(node ?? call, phrase('{name} must take no arguments (void)', { name: symbol.name }));
	return symbol;
};

const namedFunctionOrVariable = (context: CheckContext, call: Node, node: Node | null | undefined): string => {
	if (!node || !context.fileScope.find(node.text))
		throw context.error(node ?? call, 'only what this file defines can be exported');
	return node.text;
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
