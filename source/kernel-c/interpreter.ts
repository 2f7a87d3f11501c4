import { alignUp, PAGE_SIZE, virtual } from '../machine/address.ts';
import { closest } from '../machine/closest.ts';
import { isStrictKernel } from '../machine/strict-kernel.ts';
import { UserError } from '../machine/user-error.ts';
import type { Recorder } from '../memory/checkpoint.ts';
import type { Task } from '../memory/context.ts';
import type { KernelOperations } from '../memory/operations.ts';
import { phrase } from '../phrases/phrase.ts';
import { INT } from './c-types.ts';
import type { CValue, Value } from './c-value.ts';
import { impurity } from './checker/purity.ts';
import { Scope } from './checker/scope.ts';
import { Compiler } from './compiler.ts';
import { type Completion, completions } from './completion.ts';
import { type Execution, type Step, StepExecution } from './execution.ts';
import { LoadedModules } from './loaded-modules.ts';
import { readParameters, setParameters } from './module-parameters.ts';
import type { MacroTable } from './preprocessor/macro.ts';
import { predefinedMacros } from './preprocessor/predefined.ts';
import type { ModuleProgram, Program } from './program.ts';
import { KernelDataStorage, type ModulePlaces, ModuleStorage, type Storage } from './storage.ts';
import type { FunctionSymbol, GlobalVariable } from './tree.ts';
import { type Instruction, Vm } from './vm.ts';
import { KernelWorld } from './world.ts';

export type { CValue } from './c-value.ts';
export { formatValue } from './c-value.ts';
export type { Completion } from './completion.ts';
export type { Execution } from './execution.ts';
export { loadC } from './load-c.ts';
export { splitModuleArgument } from './module-parameters.ts';
export type { ModuleProgram, Program } from './program.ts';

export interface InterpreterOptions {
	/**
	 * Statements that one program may run without sleeping before it is stopped as endless.
	 * @default 4000000
	 */
	readonly maxStatements?: number;
}

const ENOMEM = 12;

/**
 * C of kernel code, run on a simulated kernel: the command bar's statements, whose variables live here, and modules.
 * `loadC` must have been awaited before.
 */
export class Interpreter {
	readonly #kernel: KernelOperations;
	readonly #world: KernelWorld;
	readonly #compiler: Compiler;
	readonly #storage: KernelDataStorage;
	readonly #maxStatements: number;
	readonly #modules: LoadedModules;
	readonly #names: Scope;
	/** Variables that no name leads to any more, but code of a function or of a sleeper may. */
	readonly #nameless: GlobalVariable[] = [];
	#macros: MacroTable;

	constructor(kernel: KernelOperations, options: InterpreterOptions = {}) {
		this.#kernel = kernel;
		kernel.context.callFunction = (address, args) => {
			this.call(address, args, kernel.context.task).run();
		};
		this.#world = new KernelWorld(kernel.view);
		this.#compiler = new Compiler(this.#world);
		this.#storage = new KernelDataStorage(kernel);
		this.#modules = new LoadedModules(kernel, this.#compiler);
		this.#names = new Scope(this.#modules.names);
		this.#maxStatements = options.maxStatements ?? 4_000_000;
		this.#macros = predefinedMacros(kernel.view.machine, 'shell', this.#world.constants, this.#world.headers);
	}

	keep(recorder: Recorder): void {
		recorder.value(this.#macros, macros => {
			this.#macros = macros;
		});
		recorder.note(this.#nameless);
		for (const variable of this.#nameless) recorder.note(variable);
		this.#names.keep(recorder);
		this.#storage.keep(recorder);
		this.#modules.keep(recorder);
	}

	/** Names of loaded modules, oldest first. */
	get modules(): readonly string[] {
		return this.#modules.list();
	}

	/** Check statements; nothing runs and no variable is made yet. @throws {UserError} */
	parseStatements(text: string, fileName?: string): Program {
		return this.#compiler.statements(text, fileName, this.#names, this.#macros);
	}

	/** Check a whole .c file. @throws {UserError} */
	parseModule(text: string, fileName: string): ModuleProgram {
		return this.#compiler.module(text, fileName, this.#modules.exported);
	}

	/** Run checked statements as `task`. Variables that they declare are known from here on. */
	start(program: Program, task: Task): Execution {
		this.#rememberNameless(program);
		this.#names.absorb(program.scope);
		this.#macros = program.macros;
		const vm = this.#vm(this.#storage);
		return new StepExecution(task, vm, [() => program.code], execution => {
			execution.value = vm.result;
		});
	}

	/**
	 * Insert a module: its memory, first values, init function. The value is what the init function returned.
	 * @param parameters `name=value ...`
	 * @throws {UserError} when a module of that name is loaded, or it has no such parameters.
	 */
	insmod(program: ModuleProgram, task: Task, parameters = ''): Execution {
		const { name, file } = program;
		const given = readParameters(program, parameters);
		if (this.#modules.get(name))
			throw new UserError(
				phrase('module {name} is loaded already', { name }),
				program.fileName,
				phrase('rmmod {name} first', { name }),
			);
		const address = this.#kernel.loadModule(name, program.coreBytes, program.initBytes);
		const storage = new ModuleStorage(this.#kernel, this.#storage, this.#placesOf(program, address));
		const vm = this.#vm(storage);
		if (address === 0) {
			const refused = new StepExecution(task, vm, [], () => undefined);
			refused.value = { type: INT, value: -ENOMEM };
			return refused;
		}
		this.#modules.link({ program, address, storage });
		let preemptCount = 0;
		const init: Step = () => {
			setParameters(vm, given);
			this.#kernel.protectModule(name, program.textBytes, program.literalBytes);
			preemptCount = this.#kernel.context.cpu.preemptCount;
			return file.init;
		};
		const steps: Step[] = [() => program.initialisers, init, () => void this.#kernel.finishModuleInit(name)];
		return new StepExecution(task, vm, steps, execution => {
			// The first code to end is that of the first values.
			if (execution.ended === 1) return;
			const value = vm.stack.at(-1) ?? 0;
			execution.value = { type: INT, value };
			if (file.init) this.#kernel.contexts.initcall.check(this.#symbol(file.init), preemptCount);
			if (value < 0) {
				execution.abandon();
				this.#modules.unlink(name);
			}
		});
	}

	/**
	 * Call a function by its address, as the kernel calls a thread's function or an interrupt handler.
	 * @throws {KernelFault} when it runs and nothing lies there.
	 */
	call(address: number, args: readonly Value[], task: Task): Execution {
		const found = this.#modules.functionAt(address);
		const vm = this.#vm(this.#modules.storageAt(address) ?? this.#storage);
		const start: Instruction = found
			? running => running.call(found, args)
			: () => this.#kernel.fetch(virtual(address));
		const code = { name: '', slots: 0, instructions: [start], fileName: '' };
		return new StepExecution(task, vm, [() => code], execution => {
			execution.value = { type: INT, value: vm.stack.at(-1) ?? 0 };
		});
	}

	/** Run a module's exit function and drop its memory. @throws {UserError} when there is no such module. */
	rmmod(name: string, task: Task): Execution {
		const loaded = this.#modules.get(name);
		if (!loaded) {
			const near = closest(name, this.#modules.list());
			throw new UserError(
				phrase('no module {name} is loaded', { name }),
				'rmmod',
				near === undefined ? 'insmod FILE.c loads one' : phrase('did you mean {near}?', { near }),
			);
		}
		const { file } = loaded.program;
		if (file.init && !file.exit)
			throw new UserError(phrase('module {name} has no module_exit and cannot be removed', { name }), 'rmmod');
		const vm = this.#vm(loaded.storage);
		return new StepExecution(task, vm, [() => file.exit, () => void this.#modules.unlink(name)], () => undefined);
	}

	/**
	 * The value of an expression, without changing anything.
	 * @throws {UserError} when it does not compile, would change something or reads what is not mapped.
	 */
	evaluate(expression: string): CValue {
		const program = this.#compiler.statements(expression, undefined, this.#names, this.#macros);
		const [statement, ...more] = program.statements;
		if (statement?.kind !== 'expression' || more.length > 0)
			throw new UserError('one expression is needed here', '1:1', 'for example pkmap_count[1]');
		const reason = impurity(statement.expression);
		if (reason !== undefined) throw new UserError('this expression would change something', '1:1', reason);
		const vm = this.#vm(this.#storage, true);
		vm.begin(program.code);
		vm.resume();
		return vm.result ?? { type: INT, value: 0 };
	}

	/** Names that can stand at the cursor. */
	complete(text: string, cursor: number): readonly Completion[] {
		return completions(
			{
				world: this.#world,
				names: this.#names,
				macros: this.#macros,
				valueOf: variable => (variable.address === 0 ? { type: variable.type, value: variable.value } : undefined),
			},
			text,
			cursor,
		);
	}

	/** Literals follow the code and variables them, each on pages of their own where these have rights of their own. */
	#placesOf({ textBytes, literalBytes }: ModuleProgram, core: number): ModulePlaces {
		const bytes = isStrictKernel(this.#kernel.view.machine) ? PAGE_SIZE : 8;
		const literals = core + alignUp(textBytes, bytes);
		return { literals, variables: literals + alignUp(literalBytes, bytes) };
	}

	/** `mmfault_init+0x0/0x40 [mmfault]` */
	#symbol({ address, name }: FunctionSymbol): string {
		return this.#modules.symbolAt(address) ?? name;
	}

	#vm(storage: Storage, isInspecting = false): Vm {
		return new Vm({
			kernel: this.#kernel,
			storage,
			isInspecting,
			codeOf: symbol => this.#compiler.codeOf(symbol),
			functionAt: address => this.#modules.functionAt(address),
			symbolAt: address => this.#modules.symbolAt(address),
			frameOf: (code, at) => this.#modules.frameOf(code, at),
			maxStatements: this.#maxStatements,
		});
	}

	/**
	 * Note the static variables of new functions, and the variables whose names new ones take: functions, and code that
	 * sleeps, may still use them.
	 */
	#rememberNameless(program: Program): void {
		const names = program.scope.names;
		this.#nameless.push(...program.globals.filter(variable => names.get(variable.name) !== variable));
		const isUsed = this.#names.hasFunctions || [...this.#kernel.context.tasks.values()].some(isAsleep);
		if (!isUsed) return;
		for (const name of names.keys()) {
			const old = this.#names.names.get(name);
			if (old?.kind === 'global' && names.get(name) !== old) this.#nameless.push(old);
		}
	}
}

const isAsleep = ({ state }: Task): boolean => state === 'uninterruptible';
