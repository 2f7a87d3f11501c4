import { atLeast } from '../../machine/kernel-version.ts';
import type { KernelContext } from '../context.ts';
import { type ReportStyle, reportStyle, spelledTaints, taintText } from './kernel-report.ts';

/** How far a module has come: its init function runs, it is in use, its exit function runs. */
export type ModuleState = 'loading' | 'live' | 'going';

const STATE_MARKS: Readonly<Record<ModuleState, string>> = { loading: '+', live: '', going: '-' };

/** What every report of the kernel says about itself: which modules, which CPU and task, which kernel and machine. */
export class ReportHead {
	readonly style: ReportStyle;
	/** Taint letters collected since boot. */
	readonly taints = new Set<string>();
	/** Loaded modules, oldest first. */
	readonly modules = new Map<string, ModuleState>();

	constructor(readonly context: KernelContext) {
		this.style = reportStyle(context.machine);
	}

	addModule(name: string): void {
		this.modules.set(name, 'loading');
		for (const letter of this.style.moduleTaint) this.taints.add(letter);
	}

	/** print_modules: the newest first, with taints and state. */
	get modulesLine(): string {
		const { moduleTaint } = this.style;
		const words = [...this.modules].reverse().map(([name, state]) => {
			const flags = `${moduleTaint}${STATE_MARKS[state]}`;
			return ` ${name}${flags === '' ? '' : `(${flags})`}`;
		});
		return `Modules linked in:${words.join('')}`;
	}

	/** dump_stack_print_info: who, where, which kernel. */
	get cpuLines(): readonly string[] {
		const { machine, cpu, task } = this.context;
		const { build, hardwareName } = this.style;
		const { kernel } = machine;
		const taint = taintText(machine, this.taints);
		if (!atLeast(kernel, '3.10')) {
			return [`Pid: ${task.pid}, comm: ${task.comm.padStart(20)} ${taint} (${kernel.text} ${build})`];
		}
		const user = atLeast(kernel, '6.11') ? 'UID: 0 ' : '';
		const spelled = spelledTaints(machine, this.taints);
		return [
			`CPU: ${cpu.id} ${user}PID: ${task.pid} Comm: ${task.comm} ${taint} ${kernel.text} ${build}`,
			...(spelled === undefined ? [] : [spelled]),
			...(hardwareName === undefined ? [] : [`Hardware name: ${hardwareName}`]),
		];
	}
}
