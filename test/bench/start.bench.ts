import type { Figure } from './figure.ts';
import { Pty } from './pty.ts';

const RUNS = 12;

/** Milliseconds until the program shows `marker`, or, without one, until it has ended. */
const timeTo = async (command: readonly string[], marker?: string): Promise<number> => {
	const pty = Pty.open(command);
	try {
		return marker === undefined ? await pty.ended() : await pty.seen(marker);
	} finally {
		await pty.close();
	}
};

/** Milliseconds until a key that was typed right at the start has been answered. */
const timeToKeys = async (command: readonly string[]): Promise<number> => {
	const pty = Pty.open(command);
	try {
		await pty.seen('lowmem');
		pty.type('?');
		return await pty.seen('PgDn');
	} finally {
		await pty.close();
	}
};

/** Start of the program beside a bare Node, taken turn by turn so that both meet the same machine. */
export const measure = async (): Promise<Figure[]> => {
	const node = process.execPath;
	const highmem = [node, 'dist/cli.js', '--no-journal'];
	const bare: number[] = [];
	const table: number[] = [];
	const keys: number[] = [];
	for (let run = 0; run < RUNS; run++) {
		bare.push(await timeTo([node, '-e', '0']));
		table.push(await timeTo(highmem, 'lowmem'));
		keys.push(await timeToKeys(highmem));
	}
	// The best of each: it is the one that other programs have disturbed least.
	const start = Math.min(...bare);
	const figure = (what: string, took: number[], budget: number): Figure => {
		const ratio = Math.min(...took) / start;
		return {
			what,
			value: `${Math.min(...took).toFixed(0)} ms`,
			ratio: `${ratio.toFixed(1)} x a bare node (${start.toFixed(0)} ms)`,
			budget: `${budget} x a bare node`,
			isMet: ratio <= budget,
		};
	};
	return [figure('start to the table on screen', table, 2.5), figure('start to a dashboard that takes keys', keys, 8)];
};
