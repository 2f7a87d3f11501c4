import { describe, expect, it } from 'vitest';
import type { Recording } from '../../source/oracle/recording.ts';
import { reportRuns } from '../../source/oracle/report.ts';
import { recordedRun } from './recorded-runs.ts';

const run = recordedRun('x86-419-4g-m512-p2');

const report = (...runs: Recording[]) => {
	const lines: string[] = [];
	const isSame = reportRuns(runs, line => lines.push(line));
	return { lines, isSame };
};

describe('the report of a replay', () => {
	it('tells each run, then what was left out with the reason, and the totals last', () => {
		const { lines, isSame } = report(run, run);
		expect(isSame).toBe(true);
		expect(lines[0]).toMatch(/^x86-419-4g-m512-p2: (\d+) compared, \1 equal, 0 different, \d+ skipped$/);
		expect(lines.some(line => /^skipped \d+: managed pages: how much/.test(line))).toBe(true);
		expect(lines.some(line => /^compared in part \d+: free block: its zone/.test(line))).toBe(true);
		expect(lines.at(-1)).toMatch(/^oracle: (\d+) compared, \1 equal, 0 different, \d+ skipped$/);
	});

	it('adds up the runs', () => {
		const compared = (lines: readonly string[]) => Number(/^oracle: (\d+)/.exec(lines.at(-1) ?? '')?.[1]);
		expect(compared(report(run, run).lines)).toBe(2 * compared(report(run).lines));
	});

	it('shows a difference with both values, and is not content', () => {
		const { lines, isSame } = report({ ...run, constants: { ...run.constants, VMALLOC_END: '0xff000000' } });
		expect(isSame).toBe(false);
		expect(lines[1]).toBe(
			'    different: constants.VMALLOC_END: recorded 0xff000000, computed 4278181888 (0xfeffe000)',
		);
		expect(lines.at(-1)).toContain(' 1 different, ');
	});
});
