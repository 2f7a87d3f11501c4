import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Figure, median } from './figure.ts';
import { Pty } from './pty.ts';

const QUIET_MS = 80;
/** V8 tidies up behind the start. */
const SETTLING_MS = 1_500;
const IDLE_MS = 4_000;
const IDLE_CPU_BUDGET = 0.005;
const MOVES = 40;
const ACTS = 20;

/** What one press of `keys` cost: milliseconds to the last byte of its answer, and bytes. */
const press = async (pty: Pty, keys: string): Promise<{ ms: number; bytes: number }> => {
	const before = pty.bytes;
	const at = pty.elapsed;
	pty.type(keys);
	await sleep(QUIET_MS);
	await pty.quiet(QUIET_MS);
	return { ms: Math.max(0, pty.lastAt - at), bytes: pty.bytes - before };
};

/** The newest process below `pid`: the dashboard itself, behind `script` and its shell. */
const dashboardOf = (pid: number): number => {
	const children = readdirSync(`/proc/${pid}/task`).flatMap(task =>
		readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
	);
	const [child] = children;
	return child === undefined ? pid : dashboardOf(child);
};

const residentMiB = (pid: number): number =>
	Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

/** Time of the CPU that all threads of a process have taken, in milliseconds. */
const cpuMs = (pid: number): number =>
	readdirSync(`/proc/${pid}/task`).reduce(
		(sum, task) => sum + Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]) / 1e6,
		0,
	);

/** Keys in the dashboard at 120 x 36, as a user on the other side of a terminal meets them. */
export const measure = async (): Promise<Figure[]> => {
	const pty = Pty.open([process.execPath, 'dist/cli.js', '--no-journal']);
	try {
		await pty.seen('help');
		await pty.quiet(300);
		const dashboard = dashboardOf(pty.pid);
		await sleep(SETTLING_MS);
		const [idleBytes, idleCpu] = [pty.bytes, cpuMs(dashboard)];
		await sleep(IDLE_MS);
		const idle = pty.bytes - idleBytes;
		const busy = (cpuMs(dashboard) - idleCpu) / IDLE_MS;

		const movesCpu = cpuMs(dashboard);
		const moves = [];
		for (let at = 0; at < MOVES; at++) moves.push(await press(pty, 'lljh'[at % 4] ?? 'l'));
		const cpuOfMove = (cpuMs(dashboard) - movesCpu) / MOVES;
		await press(pty, ':');
		await press(pty, '\x1b');
		await press(pty, ':page = alloc_pages(__GFP_HIGHMEM, 0)\r');
		await press(pty, 'kmap(page)\r');
		const acts = [];
		for (let at = 0; at < ACTS; at++) {
			await press(pty, at % 2 === 0 ? 'kmap(page)' : 'kunmap(page)');
			acts.push(await press(pty, '\r'));
		}
		const mapped = acts.map(({ bytes }) => bytes);
		const moved = moves.map(({ bytes }) => bytes);
		const times = [...moves, ...acts].map(({ ms }) => ms);
		const memory = residentMiB(dashboard);
		return [
			{
				what: 'key to settled frame, median',
				value: `${median(times).toFixed(1)} ms`,
				ratio: `${cpuOfMove.toFixed(1)} ms of CPU a move`,
				budget: '16 ms',
				isMet: median(times) <= 16,
			},
			{
				what: 'key to settled frame, worst',
				value: `${Math.max(...times).toFixed(1)} ms`,
				budget: '50 ms',
				isMet: Math.max(...times) <= 50,
			},
			{
				what: 'bytes for a move of the cursor, median and most',
				value: `${median(moved)}, ${Math.max(...moved)}`,
				budget: '64, never above 400',
				isMet: median(moved) <= 64 && Math.max(...moved) <= 400,
			},
			{
				what: 'bytes for a command that changes one slot, most',
				value: `${Math.max(...mapped)}`,
				budget: 'never above 400',
				isMet: Math.max(...mapped) <= 400,
			},
			{ what: 'bytes while idle', value: `${idle} in ${IDLE_MS / 1000} s`, budget: '0', isMet: idle === 0 },
			{
				what: 'CPU while idle',
				value: `${(busy * 100).toFixed(2)} %`,
				budget: `${IDLE_CPU_BUDGET * 100} %`,
				isMet: busy <= IDLE_CPU_BUDGET,
			},
			{
				what: 'resident memory',
				value: `${memory.toFixed(0)} MiB`,
				budget: '120 MiB',
				isMet: memory <= 120,
			},
		];
	} finally {
		await pty.close();
	}
};
