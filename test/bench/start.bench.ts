import { spawn } from 'node:child_process';
import { type Figure, median } from './figure.ts';

const RUNS = 15;

/** Milliseconds until a command on a pseudo-terminal has written `marker`, or has ended when there is none. */
const timeTo = (command: string, marker?: string): Promise<number> =>
	new Promise((resolve, reject) => {
		const start = process.hrtime.bigint();
		const elapsed = () => Number(process.hrtime.bigint() - start) / 1e6;
		const child = spawn('script', ['-qfec', `stty cols 120 rows 36; exec ${command}`, '/dev/null'], {
			stdio: ['pipe', 'pipe', 'inherit'],
			env: { ...process.env, TERM: 'xterm-256color', CI: '' },
		});
		let seen = '';
		let time: number | undefined;
		child.stdout.on('data', (data: Buffer) => {
			seen += data.toString('latin1');
			if (marker !== undefined && time === undefined && seen.includes(marker)) {
				time = elapsed();
				child.stdin.write('\x03');
			}
		});
		child.on('error', reject);
		child.on('close', () => {
			const result = time ?? (marker === undefined ? elapsed() : undefined);
			if (result === undefined) reject(new Error(`${command} never wrote ${marker}`));
			else resolve(result);
		});
	});

/** Start of the program beside a bare Node, taken turn by turn so that both meet the same machine. */
export const measure = async (): Promise<Figure[]> => {
	const node = process.execPath;
	const bare: number[] = [];
	const table: number[] = [];
	const keys: number[] = [];
	for (let run = 0; run < RUNS; run++) {
		bare.push(await timeTo(`${node} -e 0`));
		table.push(await timeTo(`${node} dist/cli.js`, 'lowmem'));
		// The hint line is drawn by Ink, when keys are taken.
		keys.push(await timeTo(`${node} dist/cli.js`, '? help'));
	}
	const figure = (what: string, times: number[], budget: number): Figure => {
		const ratio = median(times) / median(bare);
		return {
			what,
			value: `${ratio.toFixed(1)} x (${median(times).toFixed(0)} ms, bare node ${median(bare).toFixed(0)} ms)`,
			budget: `${budget} x a bare node`,
			isMet: ratio <= budget,
		};
	};
	return [figure('start to the table on screen', table, 2.5), figure('start to a dashboard that takes keys', keys, 8)];
};
