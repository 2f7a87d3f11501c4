import type { Node } from 'web-tree-sitter';
import { UserError } from '../machine/user-error.ts';
import { phrase } from '../phrases/phrase.ts';
import type { Builtin } from './builtins/builtin.ts';
import { sizeOf, VOID } from './c-types.ts';
import { CheckContext } from './checker/context.ts';
import { checkGotos, checkModule, declareFunction } from './checker/module-file.ts';
import { FILE_MACROS } from './checker/module-macros.ts';
import { Scope } from './checker/scope.ts';
import { checkStatement } from './checker/statements.ts';
import { completeCommand, endCommand } from './command-form.ts';
import { Emitter } from './generator/emitter.ts';
import { emitStatement } from './generator/statements.ts';
import { HeaderScope } from './headers/header-scope.ts';
import type { HeaderItem } from './headers/item.ts';
import { KernelFunctions } from './kernel-functions.ts';
import { parseC } from './parser.ts';
import { callWithType, writeFileMacros } from './preprocessor/ambiguities.ts';
import type { MacroTable } from './preprocessor/macro.ts';
import { predefinedMacros } from './preprocessor/predefined.ts';
import { PreparedText, preprocess } from './preprocessor/preprocessor.ts';
import { tokenize } from './preprocessor/tokenizer.ts';
import type { ModuleProgram, Program } from './program.ts';
import { SourceFile } from './source-file.ts';
import type { FunctionSymbol, Statement } from './tree.ts';
import type { Code } from './vm.ts';
import type { KernelWorld } from './world.ts';

const BAR_START = 'void bar(void) {\n';
const BAR_END = '\n}';
/** A rough size of machine code for one instruction of ours, so that modules have plausible sizes. */
const BYTES_PER_INSTRUCTION = 8;
/** sizeof(struct module), roughly. */
const STRUCT_MODULE_BYTES = 384;

/** Turns text into checked programs for one kernel. */
export class Compiler {
	readonly #codes = new WeakMap<FunctionSymbol, Code>();
	readonly #sources = new WeakMap<FunctionSymbol, PreparedText>();

	/** What the kernel's headers define in C. */
	readonly headers: HeaderScope;
	readonly kernelFunctions: KernelFunctions;
	#headerMacros: MacroTable | undefined;

	constructor(readonly world: KernelWorld) {
		this.headers = new HeaderScope(world.headers, item => this.#compileHeader(item));
		this.kernelFunctions = new KernelFunctions(world, name => this.headers.find(name));
	}

	/** Check statements of the command bar. `names` and `macros` are what it knows so far. @throws {UserError} */
	statements(
		text: string,
		fileName: string | undefined,
		names: Scope,
		macros: MacroTable,
	): Program & { readonly statements: readonly Statement[] } {
		return guarded(fileName, () => {
			const file = new SourceFile(text, fileName);
			const written = tokenize(file);
			// Only directives change the table.
			const known = written.some(token => token.text === '#') ? new Map(macros) : macros;
			const isFunction = (name: string): boolean =>
				this.world.builtins.has(name) ||
				names.find(name)?.kind === 'function' ||
				known.get(name)?.parameters !== undefined;
			const tokens = endCommand(preprocess(file, completeCommand(written, isFunction), known));
			const scope = new Scope(names);
			const prepared = new PreparedText(file, tokens, this.#typeNames(names), BAR_START, BAR_END);
			const context = this.#context(prepared, scope, true);
			const state = { name: '', returns: VOID, slots: 0, labels: new Set<string>(), gotos: [], enclosing: [] };
			context.function = state;
			const statements = this.#withTree(prepared, root => {
				const body = root.namedChildren[0]?.childForFieldName('body');
				return (body?.namedChildren ?? []).flatMap(node => (node ? checkBarItem(context, node) : []));
			});
			checkGotos(context);
			for (const symbol of context.functions) this.#sources.set(symbol, prepared);
			const code = generate(prepared, '', state.slots, statements);
			return { kind: 'statements', text, code, scope, macros: known, globals: context.globals, statements };
		});
	}

	/** Check a whole .c file. @throws {UserError} */
	module(text: string, fileName: string, exported: Scope): ModuleProgram {
		return guarded(fileName, () => {
			const file = new SourceFile(text, fileName.replace(/^.*\//, ''));
			const name = moduleName(fileName);
			const macros = predefinedMacros(this.world.view.machine, name, this.world.constants, this.world.headers);
			const tokens = writeFileMacros(preprocess(file, tokenize(file), macros), FILE_MACROS);
			if (tokens.length === 0)
				throw new UserError('this file holds no C', fileName, 'a module has functions, module_init and module_exit');
			const scope = new Scope(exported);
			const prepared = new PreparedText(file, tokens, this.#typeNames(exported));
			const context = this.#context(prepared, scope, false);
			const checked = this.#withTree(prepared, root => checkModule(context, root));
			for (const symbol of context.functions) this.#sources.set(symbol, prepared);
			const initialisers = generate(prepared, name, 0, checked.initialisers);
			const codeBytes = context.functions.reduce((sum, symbol) => sum + functionBytes(this.codeOf(symbol)), 0);
			const textBytes = codeBytes + STRUCT_MODULE_BYTES;
			const dataBytes = context.globals.reduce((sum, { type }) => sum + rounded(sizeOf(type) ?? 4), 0);
			const literalBytes = tokens.reduce((sum, token) => sum + literalSize(token.kind, token.text, file), 0);
			const init = checked.init ? this.codeOf(checked.init) : undefined;
			return {
				kind: 'module',
				name,
				fileName,
				file: checked,
				scope,
				functions: context.functions,
				globals: context.globals,
				initialisers,
				coreBytes: textBytes + dataBytes + literalBytes,
				initBytes: init ? functionBytes(init) : 0,
				textBytes,
				literalBytes,
			};
		});
	}

	/** The instructions of a function, made when first asked for. */
	codeOf(symbol: FunctionSymbol): Code {
		const known = this.#codes.get(symbol);
		if (known) return known;
		const prepared = this.#sources.get(symbol) ?? this.#sourceOfBuiltin(symbol);
		if (!prepared || !symbol.body)
			throw new UserError(
				phrase('{name} is declared but not defined', { name: symbol.name }),
				undefined,
				'write its body',
			);
		const name = this.#sources.has(symbol) ? symbol.name : '';
		const code = generate(prepared, name, symbol.slots, [symbol.body]);
		this.#codes.set(symbol, code);
		return code;
	}

	/** Into the scope of headers. Such code has no name of its own in a call trace: it is inlined where it is called. */
	#compileHeader({ name, text }: HeaderItem): void {
		this.#headerMacros ??= predefinedMacros(
			this.world.view.machine,
			'kernel',
			this.world.constants,
			this.world.headers,
		);
		const file = new SourceFile(text, `<${name}>`);
		const prepared = new PreparedText(
			file,
			preprocess(file, tokenize(file), this.#headerMacros),
			this.#typeNames(this.headers),
		);
		const context = this.#context(prepared, this.headers, false);
		this.#withTree(prepared, root => checkModule(context, root));
		for (const symbol of context.functions) {
			if (!symbol.body) continue;
			symbol.address = this.kernelFunctions.addressOf(symbol.name);
			this.#codes.set(symbol, generate(prepared, '', symbol.slots, [symbol.body]));
		}
	}

	/** The kernel's own functions have no source. */
	#sourceOfBuiltin(symbol: FunctionSymbol): PreparedText | undefined {
		if (this.kernelFunctions.at(symbol.address) !== symbol) return undefined;
		return new PreparedText(new SourceFile('', `<${symbol.name}>`), [], []);
	}

	#withTree<T>(prepared: PreparedText, read: (root: Node) => T): T {
		const tree = parseC(prepared, () => this.#missingMacro(prepared));
		try {
			return read(tree.rootNode);
		} finally {
			tree.delete();
		}
	}

	/** Where the grammar fails, a macro that this kernel lacks is the most likely reason. */
	#missingMacro({ tokens, file }: PreparedText): UserError | undefined {
		const call = callWithType(tokens);
		if (!call) return undefined;
		const { text: name } = call;
		return file.error(call, phrase('this kernel has no macro {name}', { name }), this.world.hint(name, [], true));
	}

	#context(prepared: PreparedText, scope: Scope, isBar: boolean): CheckContext {
		const functionOf = (builtin: Builtin) => this.kernelFunctions.of(builtin);
		return new CheckContext({ world: this.world, prepared, scope, isBar, functionOf });
	}

	#typeNames(scope: Scope): string[] {
		return [...this.world.types.names.keys(), ...scope.typedefNames()].filter(name => !BASIC.has(name));
	}
}

/** Types that the grammar knows by itself. */
const BASIC = new Set(['void', 'char', 'int', 'bool']);

const checkBarItem = (context: CheckContext, node: Node): Statement[] => {
	if (node.type === 'comment') return [];
	if (node.type !== 'function_definition') return [checkStatement(context, node)];
	declareFunction(context, node)();
	return [];
};

const generate = (prepared: PreparedText, name: string, slots: number, statements: readonly Statement[]): Code => {
	const emitter = new Emitter(prepared);
	for (const statement of statements) emitStatement(emitter, statement);
	return { name, slots, instructions: emitter.instructions, fileName: prepared.file.name ?? 'shell' };
};

const rounded = (bytes: number): number => Math.ceil(bytes / 8) * 8;

export const functionBytes = (code: Code): number => rounded((code.instructions.length + 2) * BYTES_PER_INSTRUCTION);

const literalSize = (kind: string, text: string, file: SourceFile): number => {
	if (kind === 'string') return rounded(text.length + 8);
	return text.startsWith('__F') || text.startsWith('__f') ? rounded((file.name?.length ?? 0) + 72) : 0;
};

/** `kmap-example.c` is module kmap_example. */
export const moduleName = (fileName: string): string =>
	fileName.replace(/^.*\//, '').replace(/\.c$/, '').replace(/[^\w]/g, '_');

/** Text can be nested so deeply that our own stack does not suffice; that too is the user's to mend. */
const guarded = <T>(fileName: string | undefined, compile: () => T): T => {
	try {
		return compile();
	} catch (error) {
		if (error instanceof RangeError)
			throw new UserError('this is nested too deeply', fileName, 'split it into several statements');
		throw error;
	}
};
