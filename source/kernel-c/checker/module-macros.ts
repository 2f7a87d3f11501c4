import type { Node } from 'web-tree-sitter';
import { phrase } from '../../phrases/phrase.ts';
import type { FunctionSymbol, GlobalVariable, Statement } from '../tree.ts';
import type { CheckContext } from './context.ts';
import { field } from './expressions.ts';
import { staticInitialisers } from './statements.ts';

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

/** What the macros at file level say. */
export const readMacros = (context: CheckContext, calls: readonly Node[]): ModuleFile => {
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
