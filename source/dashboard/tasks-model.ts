import type { Cpu } from '../memory/context.ts';
import { SOFTIRQ_MASK } from '../memory/contexts/preempt-bits.ts';
import type { Messages } from '../messages/messages.ts';
import type { ModelContext } from './model-context.ts';
import { listRows, type PanelModel } from './panel-model.ts';
import { RowBuilder } from './row-builder.ts';
import type { StyleName } from './theme.ts';

/** Tasks with their states, then the CPUs with their counters. */
export const tasksModel = (context: ModelContext): PanelModel => {
	const { view, width, theme, messages } = context;
	const tasks = [...view.tasks.values()].map(task => {
		const state =
			task.waitingOn === undefined ? messages.tasks.states[task.state] : messages.tasks.waiting(task.waitingOn);
		const style: StyleName = task.state === 'dead' ? 'error' : task.state === 'uninterruptible' ? 'warning' : 'plain';
		return {
			isCurrent: task.pid === view.currentTask.pid,
			text: `${String(task.pid).padEnd(6)} ${task.comm.padEnd(17)} ${state}`,
			style,
		};
	});
	const cpus = view.cpus.map(cpu => ({
		isCurrent: cpu.id === view.currentCpu.id,
		text: [
			messages.tasks.cpu(cpu.id, cpu.preemptCount, cpu.pagefaultDisabled, cpu.kmapAtomicIdx),
			...contextsOf(cpu, messages),
		].join('  '),
		style: 'plain' as StyleName,
	}));
	const lines = [...tasks, ...cpus];
	return {
		...listRows(lines.length),
		id: 'tasks',
		notes: [],
		legends: [messages.tasks.legend],
		head: [new RowBuilder(theme, width).add(` ${messages.tasks.columns}`, 'dim').toString()],
		foot: [],
		paintRow: (row, cursor) => {
			const line = lines[row];
			const builder = new RowBuilder(theme, width);
			if (!line) return builder.toString();
			builder.add(line.isCurrent ? '>' : ' ', 'mark');
			return builder.add(line.text, line.style, { isCursor: row === cursor }).toString();
		},
		newest: undefined,
	};
};

/** Where a CPU is, besides its counters: only what is not the usual state. */
const contextsOf = (cpu: Readonly<Cpu>, { tasks }: Messages): readonly string[] => [
	...((cpu.preemptCount & HARDIRQ_BITS) === 0 ? [] : [tasks.hardirq]),
	...((cpu.preemptCount & SOFTIRQ_MASK) === 0 ? [] : [tasks.softirq]),
	...(cpu.irqsDisabled ? [tasks.irqsOff] : []),
	...(cpu.locks.length === 0 ? [] : [tasks.locks(cpu.locks.length)]),
];

/** Every kernel has its hard interrupts and NMIs somewhere in these bits. */
const HARDIRQ_BITS = 0x0fff0000;
