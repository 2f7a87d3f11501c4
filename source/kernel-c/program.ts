import type { ModuleFile } from './checker/module-macros.ts';
import type { Scope } from './checker/scope.ts';
import type { MacroTable } from './preprocessor/macro.ts';
import type { FunctionSymbol, GlobalVariable } from './tree.ts';
import type { Code } from './vm.ts';

/** Checked statements of the command bar, ready to run. */
export interface Program {
	readonly kind: 'statements';
	readonly text: string;
	readonly code: Code;
	/** Names that count once the program has been started. */
	readonly scope: Scope;
	readonly macros: MacroTable;
	/** Every variable that it makes and that stays, static ones of functions included. */
	readonly globals: readonly GlobalVariable[];
}

/** A checked .c file, ready to be inserted. */
export interface ModuleProgram {
	readonly kind: 'module';
	/** As lsmod shows it: the file's name without `.c`, `-` as `_`. */
	readonly name: string;
	readonly fileName: string;
	readonly file: ModuleFile;
	readonly scope: Scope;
	readonly functions: readonly FunctionSymbol[];
	readonly globals: readonly GlobalVariable[];
	/** Runs before the init function: first values of variables. */
	readonly initialisers: Code;
	/** Memory that insmod takes. */
	readonly coreBytes: number;
	readonly initBytes: number;
	/** Code and struct module, with which the core part begins. */
	readonly textBytes: number;
	readonly literalBytes: number;
}
