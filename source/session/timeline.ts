import type { Machine } from '../machine/machine.ts';
import type { BootState } from '../memory/boot/boot-state.ts';
import { type Checkpoint, CheckpointTaker } from '../memory/checkpoint.ts';
import type { Ending, KernelAct } from './kernel-act.ts';
import { Shell } from './shell.ts';

export interface TimelineOptions {
	readonly machine: Machine;
	readonly bootState?: BootState | undefined;
	/**
	 * How long doing again what lies between two checkpoints may take, in milliseconds.
	 * @default 25
	 */
	readonly checkpointMs?: number | undefined;
}

/** A step whose state can be brought back at once. */
interface Point {
	readonly step: number;
	readonly checkpoint: Checkpoint;
}

/** More points than this are thinned out to half, and further ones set twice as far apart. */
const MOST_POINTS = 256;

/** Acts take at least this many times as long as the checkpoints between them, up to a limit that keeps seeking quick. */
const PATIENCE = 4;
const MOST_PATIENCE_MS = 60;

/**
 * One booted kernel with its shells, and the way back to each of its past states: the checkpoint before it, and the acts
 * since done again. How far apart checkpoints lie is a matter of time only; the state that is reached never depends on it.
 */
export class Timeline {
	readonly shell: Shell;
	readonly #taker = new CheckpointTaker();
	/** In the order of their steps; the first is the boot. */
	#points: Point[] = [];
	#intervalMs: number;
	/** What it took to come here from the point before. */
	#sinceMs = 0;
	/** What the newest checkpoint took. */
	#markMs = 0;

	/** Boots. @throws {UserError} for a boot state that the machine cannot have. */
	constructor({ machine, bootState, checkpointMs = 25 }: TimelineOptions) {
		this.#intervalMs = checkpointMs;
		this.shell = new Shell(machine, bootState);
		this.#mark(0);
	}

	/** Steps that have a checkpoint. */
	get points(): readonly number[] {
		return this.#points.map(({ step }) => step);
	}

	/**
	 * Do an act that never was done; what once came after the step before is over.
	 * @throws {UserError} as `Shell.perform`; the timeline is then to be brought back with `seek`.
	 */
	perform(act: KernelAct, step: number): Ending {
		const ending = this.#do(act, step);
		this.#points = this.#points.filter(point => point.step < step);
		this.#markIfDue(step);
		return ending;
	}

	/**
	 * Bring about the state after `to`.
	 * @param from Step whose state there is now, or undefined when an act was broken off.
	 * @param actAt Gives the act of a step.
	 */
	seek(from: number | undefined, to: number, actAt: (step: number) => KernelAct): void {
		const point = this.#points.findLast(({ step }) => step <= to);
		let step = from ?? Number.POSITIVE_INFINITY;
		if (point && (step > to || step < point.step)) {
			point.checkpoint.restore();
			this.shell.kernel.renewView();
			this.#sinceMs = 0;
			step = point.step;
		}
		while (step < to) {
			step++;
			this.#do(actAt(step), step);
			if (this.#points.some(known => known.step === step)) this.#sinceMs = 0;
			else this.#markIfDue(step);
		}
	}

	#do(act: KernelAct, step: number): Ending {
		const begin = performance.now();
		try {
			return this.shell.perform(act, step);
		} finally {
			this.#sinceMs += performance.now() - begin;
		}
	}

	#markIfDue(step: number): void {
		// Where a checkpoint itself takes long, acts must not wait for it too often.
		const patience = Math.min(PATIENCE * this.#markMs, MOST_PATIENCE_MS);
		if (this.#sinceMs >= (this.#intervalMs > 0 ? Math.max(this.#intervalMs, patience) : 0)) this.#mark(step);
	}

	#mark(step: number): void {
		const begin = performance.now();
		const checkpoint = this.#taker.take(recorder => this.shell.keep(recorder));
		this.#markMs = performance.now() - begin;
		const at = this.#points.findLastIndex(point => point.step < step) + 1;
		this.#points.splice(at, 0, { step, checkpoint });
		this.#sinceMs = 0;
		if (this.#points.length <= MOST_POINTS) return;
		this.#points = this.#points.filter((_, index) => index % 2 === 0);
		this.#intervalMs *= 2;
	}
}
