import { describe, expect, it } from 'vitest';
import { replayRun } from '../../source/oracle/replay-run.ts';
import { Tally } from '../../source/oracle/tally.ts';
import { recordedRuns } from './recorded-runs.ts';

const total = new Tally();

describe('what real kernels 4.4 to 6.12 did, done again', () => {
	it.each(recordedRuns())('$run: every value that is compared is the recorded one', recording => {
		const tally = replayRun(recording);
		total.add(tally);
		expect(tally.differences).toEqual([]);
	});

	it('compares nearly all of what was recorded, and most of it whole', () => {
		const recorded = total.compared + total.skippedValues;
		expect(recorded).toBeGreaterThan(100_000);
		expect(total.compared / recorded).toBeGreaterThan(0.98);
		expect((total.compared - total.inPartValues) / recorded).toBeGreaterThan(0.93);
	});
});
