import { describe, expect, it } from 'vitest';
import { UserError } from '../../source/machine/user-error.ts';
import type { MemoryView } from '../../source/memory/memory-view.ts';
import { english, verbatim } from '../../source/phrases/phrase.ts';
import { parseScenario } from '../../source/scenario/parse-scenario.ts';
import type { HostOutcome, ScenarioHost } from '../../source/scenario/scenario-host.ts';
import { ScenarioPlayer } from '../../source/scenario/scenario-player.ts';

/** A host that counts acts and logs each; `value` inspects as the number of acts done. */
class CountingHost implements ScenarioHost {
	acts: string[] = [];

	get step(): number {
		return this.acts.length;
	}

	get view(): MemoryView {
		const log = this.acts.map((text, step) => ({ timeNs: step, text: `did ${text}`, level: 4, step }));
		return { log } as unknown as MemoryView;
	}

	execute(text: string): HostOutcome {
		if (text === 'wrong') return { kind: 'error', error: new UserError(verbatim('unknown name'), '1:1') };
		this.acts.push(text);
		if (text === 'oops') return { kind: 'fault', message: 'kernel BUG', reason: verbatim('a rule was broken') };
		return { kind: 'done' };
	}

	seek(step: number): boolean {
		this.acts.length = step;
		return true;
	}

	inspect(expression: string) {
		const number = expression === 'value' ? this.step : expression === `value == ${this.step}` ? 1 : 0;
		return { text: String(number), isTrue: number !== 0 };
	}
}

const play = (steps: string): { host: CountingHost; player: ScenarioPlayer } => {
	const text = `title: {en: Title, zh: 标题}\nmachine: imx6q-2g\nsteps:\n${steps}`;
	const host = new CountingHost();
	return { host, player: new ScenarioPlayer(host, parseScenario(text, 'lesson.yaml')) };
};

const TWO_STEPS = `  - caption: {en: One, zh: 一}
    do: |
      a
      b
    look: pkmap
  - caption: {en: Two, zh: 二}
    do: c
`;

describe('playing a scenario', () => {
	it('shows the title before the first step, then the captions of the newest step', () => {
		const { player } = play(TWO_STEPS);
		expect([player.index, player.length, player.caption('en'), player.look]).toEqual([0, 2, 'Title', undefined]);
		player.next();
		expect([player.index, player.caption('en'), player.caption('zh'), player.look]).toEqual([1, 'One', '一', 'pkmap']);
		player.next();
		expect([player.index, player.caption('en')]).toEqual([2, 'Two']);
	});

	it('leaves the eye on the panel that an earlier step pointed at', () => {
		const { player } = play(TWO_STEPS);
		player.next();
		player.next();
		expect(player.look).toBe('pkmap');
	});

	it('does each line of a block as one act', () => {
		const { host, player } = play(TWO_STEPS);
		player.next();
		expect(host.acts).toEqual(['a', 'b']);
	});

	it('ends after the last step', () => {
		const { player } = play(TWO_STEPS);
		expect([player.next(), player.next(), player.next()]).toEqual([true, true, false]);
	});

	it('goes back to where the step began, whatever was done by hand since', () => {
		const { host, player } = play(TWO_STEPS);
		player.next();
		player.next();
		host.execute('by hand');
		expect(player.back()).toBe(true);
		expect(host.acts).toEqual(['a', 'b']);
		expect([player.index, player.caption('en')]).toEqual([1, 'One']);
		player.back();
		expect(host.acts).toEqual([]);
		expect(player.back()).toBe(false);
	});
});

describe('a step that does not go as it says', () => {
	const step = (rest: string) => `  - caption: {en: One, zh: 一}\n${rest}`;

	it('tells the place of a failed expectation and what was found instead', () => {
		const { player } = play(step('    do: a\n    expect: [value == 1, value == 2]\n'));
		player.next();
		expect(player.result?.failures.map(english)).toEqual(['lesson.yaml:6:26: expected value == 2, found 1']);
	});

	it('looks for log texts in the lines of this step only, in order', () => {
		const { player } = play(`${step('    do: a\n')}${step('    do: [b, c]\n    expect_log: [did c, did a]\n')}`);
		player.next();
		player.next();
		expect(player.result?.failures.map(english)).toEqual([
			'lesson.yaml:8:25: expected did a, found nothing more in the log',
		]);
	});

	it('fails at a fault that was not expected, and does nothing more of the step', () => {
		const { host, player } = play(step('    do: [oops, a]\n'));
		player.next();
		expect(player.result?.failures.map(english)).toEqual([
			'lesson.yaml:5:10: "oops" ended in a fault: kernel BUG (a rule was broken), expected it to finish',
		]);
		expect(host.acts).toEqual(['oops']);
	});

	it('is content with a fault that was expected, and only with that', () => {
		const { player } = play(`${step('    do: oops\n    ends: fault\n')}${step('    do: a\n    ends: fault\n')}`);
		player.next();
		expect(player.result?.failures.map(english)).toEqual([]);
		player.next();
		expect(player.result?.failures.map(english)).toEqual([
			'lesson.yaml:8:5: "a" finished, expected a fault of the kernel',
		]);
	});

	it('throws the mistake when what is to be done is no C, and is back where it was', () => {
		const { host, player } = play(step('    do: [a, wrong]\n'));
		expect(() => player.next()).toThrowError(expect.objectContaining({ line: 'lesson.yaml:5:13: unknown name' }));
		expect([host.step, player.index]).toEqual([0, 0]);
	});
});
