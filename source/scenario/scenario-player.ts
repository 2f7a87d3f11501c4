import type { Language } from '../phrases/language.ts';
import { asPhrase, phrase, type Text } from '../phrases/phrase.ts';
import { checkExpression, checkLog, type ExpectationResult } from './expectation.ts';
import { placedError } from './placed-error.ts';
import type { Panel, Placed, Scenario, ScenarioStep } from './scenario.ts';
import type { HostOutcome, ScenarioHost } from './scenario-host.ts';

/** What came of playing one step. */
export interface StepResult {
	/** Number of the step, from 0. */
	readonly index: number;
	readonly outcomes: readonly { readonly text: string; readonly outcome: HostOutcome }[];
	readonly expectations: readonly ExpectationResult[];
	/** What went otherwise than the step says, one line each; empty when all is well. */
	readonly failures: readonly Text[];
}

/**
 * Plays a scenario on an exploration, a step at a time. Each act of a step is one act of the exploration's history, so
 * that going back is a seek to where the step began, whatever else was done by hand since.
 */
export class ScenarioPlayer {
	readonly scenario: Scenario;
	readonly #host: ScenarioHost;
	/** The host's step before each scenario step that was played. */
	#begins: number[] = [];
	#results: StepResult[] = [];

	constructor(host: ScenarioHost, scenario: Scenario) {
		this.#host = host;
		this.scenario = scenario;
	}

	/** Number of steps played; 0 before the first. */
	get index(): number {
		return this.#results.length;
	}

	get length(): number {
		return this.scenario.steps.length;
	}

	/** What came of the newest step. */
	get result(): StepResult | undefined {
		return this.#results.at(-1);
	}

	/** Panel that the newest step points at; a step without one leaves the eye where the last one led it. */
	get look(): Panel | undefined {
		return this.scenario.steps.slice(0, this.index).findLast(step => step.look !== undefined)?.look;
	}

	title(language: Language): string {
		return this.scenario.title[language];
	}

	/** The newest step's caption; the title before the first. */
	caption(language: Language): string {
		return (this.#newest?.caption ?? this.scenario.title)[language];
	}

	/** The captions of all steps, so that a screen can keep room for the longest. */
	captions(language: Language): readonly string[] {
		return this.scenario.steps.map(step => step.caption[language]);
	}

	/**
	 * Play the next step.
	 * @returns false at the end.
	 * @throws {UserError} at a place in the scenario file where what stands there is not valid.
	 */
	next(): boolean {
		const step = this.scenario.steps[this.index];
		if (!step) return false;
		const begin = this.#host.step;
		try {
			this.#results.push(this.#play(step, this.index));
			this.#begins.push(begin);
		} catch (error) {
			this.#host.seek(begin);
			throw error;
		}
		return true;
	}

	/** Go back to where the newest step began. @returns false at the start. */
	back(): boolean {
		const begin = this.#begins.pop();
		if (begin === undefined) return false;
		this.#results.pop();
		this.#host.seek(begin);
		return true;
	}

	get #newest(): ScenarioStep | undefined {
		return this.scenario.steps[this.index - 1];
	}

	#play(step: ScenarioStep, index: number): StepResult {
		const logged = this.#host.view.log.length;
		const outcomes: { text: string; outcome: HostOutcome }[] = [];
		const failures: Text[] = [];
		for (const [at, act] of step.acts.entries()) {
			const outcome = this.#execute(act);
			outcomes.push({ text: act.text, outcome });
			const expected = at === step.acts.length - 1 ? step.ending : 'done';
			if (outcome.kind === expected || outcome.kind === 'request') continue;
			failures.push(
				phrase('{where}: "{act}" {outcome}, expected {expected}', {
					where: act.where,
					act: act.text,
					outcome: asPhrase(wordsOf(outcome)),
					expected: asPhrase(WORDS[expected]),
				}),
			);
			break;
		}
		const expectations = [
			...step.expect.map(expectation => checkExpression(this.#host, expectation)),
			...checkLog(
				this.#host.view.log.slice(logged).map(line => line.text),
				step.expectLog,
			),
		];
		for (const { ok, where, text, actual } of expectations) {
			if (!ok)
				failures.push(phrase('{where}: expected {text}, found {actual}', { where, text, actual: asPhrase(actual) }));
		}
		return { index, outcomes, expectations, failures };
	}

	#execute(act: Placed): HostOutcome {
		const outcome = this.#host.execute(act.text);
		if (outcome.kind === 'error') throw placedError(act, outcome.error);
		return outcome;
	}
}

const WORDS = {
	done: 'it to finish',
	sleeping: 'it to sleep',
	fault: 'a fault of the kernel',
} as const;

const wordsOf = (outcome: HostOutcome): Text => {
	switch (outcome.kind) {
		case 'done':
		case 'request':
			return 'finished';
		case 'sleeping':
			return phrase('sleeps on {on}', { on: outcome.on });
		case 'fault':
			return phrase('ended in a fault: {message} ({reason})', {
				message: outcome.message,
				reason: asPhrase(outcome.reason),
			});
		case 'error':
			return phrase('is wrong: {error}', { error: outcome.error.whole });
	}
};
