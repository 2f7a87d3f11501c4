import type { ScenarioLike } from '../dashboard/session-like.ts';
import type { Language } from '../phrases/language.ts';
import type { ScenarioStep } from '../scenario/scenario.ts';
import type { ScenarioPlayer } from '../scenario/scenario-player.ts';

/**
 * A scenario as a lecturer plays it: the caption of the step that comes is shown while its statements are typed, not
 * only when they have run.
 */
export class AnnouncedScenario implements ScenarioLike {
	readonly #player: ScenarioPlayer;
	#announced: ScenarioStep | undefined;

	constructor(player: ScenarioPlayer) {
		this.#player = player;
	}

	get index(): number {
		return this.#player.index + (this.#announced ? 1 : 0);
	}

	get length(): number {
		return this.#player.length;
	}

	get result(): ScenarioLike['result'] {
		return this.#player.result;
	}

	get look(): ScenarioLike['look'] {
		return this.#player.look;
	}

	title(language: Language): string {
		return this.#player.title(language);
	}

	caption(language: Language): string {
		return this.#announced ? this.#announced.caption[language] : this.#player.caption(language);
	}

	captions(language: Language): readonly string[] {
		return this.#player.captions(language);
	}

	/** Shows the caption of the next step. @returns that step, or undefined at the end. */
	announce(): ScenarioStep | undefined {
		this.#announced = this.#player.scenario.steps[this.#player.index];
		return this.#announced;
	}

	next(): boolean {
		this.#announced = undefined;
		return this.#player.next();
	}

	back(): boolean {
		this.#announced = undefined;
		return this.#player.back();
	}
}
