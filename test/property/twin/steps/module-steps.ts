import { atLeast } from '../../../../source/machine/kernel-version.ts';
import type { Program } from '../program.ts';
import type { Step } from '../step.ts';
import { Difference, KILLED, Stopped } from '../twin.ts';
import { mapOwnPages, releaseRange } from './area-steps.ts';

const PAGE = 4096;
const MOST_MODULES = 10;

const pagesOf = (bytes: number): number => Math.ceil(bytes / PAGE);

/** insmod: two areas in the range of modules, and a process that loads them. */
export const loadModule = (program: Program, { a, b }: Step): void => {
	const { twin, modules } = program;
	const { kernel, model } = twin;
	const { machine, layout, vmalloc } = model;
	if (modules.length >= MOST_MODULES) {
		unloadModule(program, { kind: 'unloadModule', a, b, c: 0 });
		return;
	}
	const name = `m${program.nextName()}`;
	const bytes = { core: 1 + (a % 60_000), init: 1 + (b % 12_000) };
	// STRICT_MODULE_RWX, from 4.11: text, read-only data and data lie in pages of their own.
	const isStrict = atLeast(machine.kernel, '4.11');
	const pages = { core: pagesOf(bytes.core) + (isStrict ? 2 : 0), init: pagesOf(bytes.init) + (isStrict ? 1 : 0) };
	const range = { from: layout.modulesStart, to: layout.modulesEnd };
	let init = -1;
	const got = twin.do(
		`load_module(${name}, ${bytes.core}, ${bytes.init})`,
		() => kernel.loadModule(name, bytes.core, bytes.init) as number,
		() => {
			if (model.pages.failures > 0) throw new Stopped('no memory for a module');
			if (machine.arch === 'x86') {
				model.pkmap?.flush();
				vmalloc.purge();
			}
			const core = vmalloc.take((pages.core + 1) * PAGE, 1, range);
			init = core < 0 ? -1 : vmalloc.take((pages.init + 1) * PAGE, 1, range);
			if (init < 0) {
				if (core >= 0) releaseRange(program, core);
				return 0;
			}
			mapOwnPages(program, core, pages.core);
			mapOwnPages(program, init, pages.init);
			return core;
		},
	);
	if (got !== KILLED && got !== 0) modules.push({ name, core: got, init });
};

/** The init function is over, its memory goes; or all of the module goes. */
export const unloadModule = (program: Program, { a, b }: Step): void => {
	const { twin, modules } = program;
	const { kernel } = twin;
	const module = program.pick(modules, a);
	if (!module) return;
	const isEnd = b % 2 === 0;
	const { name, core, init } = module;
	const what = isEnd ? 'unload_module' : 'end_of_init';
	twin.do(
		`${what}(${name})`,
		() => {
			if (isEnd) kernel.unloadModule(name);
			else kernel.finishModuleInit(name);
			return undefined;
		},
		() => {
			if (init >= 0) releaseRange(program, init);
			if (isEnd) releaseRange(program, core);
			return undefined;
		},
	);
	module.init = -1;
	if (isEnd) modules.splice(modules.indexOf(module), 1);
	if (kernel.parts.modules.has(name) === isEnd) throw new Difference(`module ${name} is there, or not`);
};
