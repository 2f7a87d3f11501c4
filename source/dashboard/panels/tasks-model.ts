import { hex, PAGE_SIZE } from '../../machine/address.ts';
import { printable } from '../../machine/user-error.ts';
import type { Task } from '../../memory/context.ts';
import type { ProcessView, UserAreaView, UserPageView } from '../../memory/memory-view.ts';
import type { InspectorContext } from '../inspector-model.ts';
import type { StyleName } from '../painting/theme.ts';
import { heading, linesModel, type PanelLine } from './lines-model.ts';
import type { ModelContext } from './model-context.ts';
import type { PanelModel } from './panel-model.ts';

type LineContext = Pick<InspectorContext, 'view' | 'messages'>;

/** Tasks with their states, then the processes that have memory, with their areas and pages. */
export const tasksModel = (context: ModelContext): PanelModel =>
	linesModel('tasks', taskLines(context), context, {
		legends: [context.messages.tasks.legend],
		head: [context.messages.tasks.columns],
	});

export const taskLines = (context: LineContext): readonly PanelLine[] => {
	const { view, messages } = context;
	const tasks = [...view.tasks.values()].map(task => taskLine(task, context));
	if (view.processes.length === 0) return [...tasks, heading(messages.tasks.noProcesses)];
	return [...tasks, ...view.processes.flatMap(process => processLines(process, context))];
};

const taskLine = (task: Readonly<Task>, context: LineContext): PanelLine => {
	const { view, messages } = context;
	const words = messages.tasks;
	const state = stateOf(task, context);
	const place =
		task.cpu === undefined ? '' : task.waitingOn === undefined ? words.onCpu(task.cpu) : words.sleptOn(task.cpu);
	const style: StyleName = task.state === 'dead' ? 'error' : task.state === 'uninterruptible' ? 'warning' : 'plain';
	const comm = printable(task.comm);
	return {
		mark: task.pid === view.currentTask.pid ? '>' : ' ',
		text: `${String(task.pid).padEnd(5)} ${String(task.cpu ?? '').padEnd(3)} ${comm.padEnd(16)} ${state}`,
		style,
		about: {
			name: `${comm}[${task.pid}]`,
			address: undefined,
			facts: [
				state + place,
				...(task.isKernel ? [words.thread] : []),
				...(task.killedBy === undefined ? [] : [words.killedBy(task.killedBy)]),
			],
		},
	};
};

/** What a task does, and where it sleeps for what. */
const stateOf = (task: Readonly<Task>, { view, messages }: LineContext): string => {
	const words = messages.tasks;
	const { waitingOn, wantsPage } = task;
	const spinner = view.cpus.find(({ id, spinsFor }) => spinsFor !== undefined && view.taskOn(id)?.pid === task.pid);
	if (spinner) return words.spins;
	if (waitingOn === undefined) return words.states[task.state];
	const waiters = view.pkmap?.waiters ?? [];
	const turn = waiters.indexOf(task.pid);
	return [
		words.waiting(waitingOn),
		turn < 0 ? '' : words.turn(turn + 1, waiters.length),
		turn < 0 || wantsPage === undefined ? '' : words.wants(`0x${wantsPage.toString(16)}`),
	].join('');
};

const processLines = (process: ProcessView, context: LineContext): readonly PanelLine[] => {
	const { view, messages } = context;
	const pages = process.pages();
	const comm = printable(view.tasks.get(process.pid)?.comm ?? '');
	return [
		heading(messages.tasks.process(comm, process.pid, hex(process.root), pages.length)),
		...process.areas.flatMap(area => areaLines(area, pages, context)),
	];
};

const areaLines = (
	{ start, end }: UserAreaView,
	pages: readonly UserPageView[],
	context: LineContext,
): readonly PanelLine[] => {
	const words = context.messages.tasks;
	const present = pages.filter(({ address }) => address >= start && address < end);
	const extent = `${hex(start)} - ${hex(end)}`;
	const size = words.area((end - start) / PAGE_SIZE, present.length);
	return [
		{
			text: ` ${extent}  ${size}`,
			style: 'label',
			about: { name: extent, address: start, facts: [size, words.areaFact] },
		},
		...present.map(page => pageLine(page, context)),
	];
};

const pageLine = (page: UserPageView, { view, messages }: LineContext): PanelLine => {
	const words = messages.tasks;
	const { address, pfn, isZeroPage, isWritable, users } = page;
	const zone = view.pages.page(pfn)?.zone ?? '';
	const state = isZeroPage ? words.zeroPage : words.page(isWritable, users);
	const meaning = isZeroPage
		? words.zeroFact
		: isWritable
			? words.ownFact
			: users > 1
				? words.sharedFact
				: words.aloneFact;
	const frame = `0x${pfn.toString(16)}`;
	return {
		text: `   ${hex(address)} -> ${frame.padEnd(9)} ${zone.padEnd(8)} ${state}`,
		about: {
			name: hex(address),
			address,
			facts: [`pfn ${frame}`, zone, state, meaning, ...(zone === 'HighMem' ? [words.highmemFact] : [])],
		},
	};
};
