import { virtual } from '../../../../source/machine/address.ts';
import type { Program } from '../program.ts';
import type { Step } from '../step.ts';
import { readAt, writeAt } from './access-steps.ts';

const PAGE = 4096;
const MOST_AREAS = 40;

export const mmap = ({ twin, runner }: Program, { a }: Step): void => {
	const { kernel, model } = twin;
	const { pid } = runner.task;
	if ((model.users.areas.get(pid)?.length ?? 0) > MOST_AREAS) return;
	const bytes = 1 + (a % (30 * PAGE));
	twin.do(
		`mmap(${bytes})`,
		() => kernel.mmap(bytes) as number,
		got => {
			if (got === 0 && model.pages.failures > 0) return 0;
			model.users.begin(pid);
			model.takeMemoryOf(pid);
			return model.users.mmap(pid, bytes);
		},
	);
};

export const munmap = (program: Program, { a, b, c }: Step): void => {
	const { twin, runner } = program;
	const { kernel, model } = twin;
	const { pid } = runner.task;
	const area = program.pick(model.users.areas.get(pid) ?? [], a);
	if (!area) return;
	const pages = (area.end - area.start) / PAGE;
	const start = area.start + (c % 3 === 0 ? b % pages : 0) * PAGE;
	const end = Math.min(area.end, start + (1 + (c % (pages + 1))) * PAGE);
	twin.do(
		`munmap(0x${start.toString(16)}, ${end - start})`,
		() => {
			kernel.munmap(virtual(start), end - start);
			return undefined;
		},
		() => {
			checkGone(program, model.users.munmap(pid, start, end));
			return undefined;
		},
	);
};

/** Pages that no process has any more went back to the page allocator. */
const checkGone = ({ twin }: Program, pfns: readonly number[]): void => {
	for (const pfn of pfns) twin.same(`page ${pfn} is still out`, twin.model.pages.blocks.has(pfn), false);
};

/** Read or write the process's own memory: page faults, copy on write. */
export const touch = (program: Program, { a, b, c }: Step): void => {
	const { users } = program.twin.model;
	const area = program.pick(users.areas.get(program.runner.task.pid) ?? [], a);
	if (!area) return;
	const address = area.start + (b % (area.end - area.start - 8));
	if (c % 2 === 0) readAt(program, address, 4);
	else writeAt(program, address, c % 5 === 0 ? 8 : 4, c);
};

export const fork = (program: Program, { a }: Step): void => {
	const { twin, runner } = program;
	const { kernel, model } = twin;
	if (program.runners.length > 12 || !model.users.has(runner.task.pid)) return;
	const child = program.addRunner();
	twin.do(
		`fork(${child.task.pid})`,
		() => kernel.forkMemory(child.task),
		isDone => {
			if (!isDone && model.pages.failures > 0) return false;
			model.users.fork(runner.task.pid, child.task.pid);
			return true;
		},
	);
	if (a % 2 === 0 && !twin.isKilled) program.run(child);
};

/** The current task ends. */
export const exit = (program: Program): void => {
	const { windows } = program.twin.model;
	if (program.undo.length === 0 && (windows.generation !== 'local' || windows.depth === 0)) program.end();
};
