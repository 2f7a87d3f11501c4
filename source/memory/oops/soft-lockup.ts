import { byVersion, type VersionRow } from '../../machine/by-version.ts';
import type { KernelContext } from '../context.ts';

/** How kernel/watchdog.c says that a CPU is stuck, and after how long: twice the threshold and the next look. */
interface LockupRow extends VersionRow {
	readonly prefix: string;
	readonly seconds: number;
}

const ROWS: readonly [LockupRow, ...LockupRow[]] = [
	{ since: '2.6.24', prefix: '', seconds: 61 },
	{ since: '3.0', prefix: '', seconds: 22 },
	{ since: '3.17', prefix: 'NMI watchdog: ', seconds: 22 },
	{ since: '4.14', prefix: 'watchdog: ', seconds: 22 },
];

export const softLockup = ({
	machine,
	cpu,
	task,
}: KernelContext): { readonly line: string; readonly seconds: number } => {
	const { prefix, seconds } = byVersion(machine.kernel, ROWS);
	const line = `${prefix}BUG: soft lockup - CPU#${cpu.id} stuck for ${seconds}s! [${task.comm}:${task.pid}]`;
	return { line, seconds };
};
