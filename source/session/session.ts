import { type CValue, formatValue, isTrue } from '../kernel-c/c-value.ts';
import type { Completion } from '../kernel-c/completion.ts';
import { splitModuleArgument } from '../kernel-c/interpreter.ts';
import { loadC } from '../kernel-c/load-c.ts';
import type { Machine } from '../machine/machine.ts';
import { UserError } from '../machine/user-error.ts';
import type { BootState } from '../memory/boot/boot-state.ts';
import type { EventListener, EventLog } from '../memory/event-log.ts';
import type { MemoryView } from '../memory/memory-view.ts';
import { phrase, type Text } from '../phrases/phrase.ts';
import { answer } from './answers.ts';
import { complete } from './complete.ts';
import { type Command, readCommand } from './explorer-words.ts';
import type { SessionRecorder } from './journal/journal.ts';
import type { JournalAct } from './journal/record.ts';
import type { KernelAct } from './kernel-act.ts';
import type { Act, Outcome } from './outcome.ts';
import { shellCommand } from './shell-commands.ts';
import { Timeline, type TimelineOptions } from './timeline.ts';

export interface SessionOptions extends TimelineOptions {
	/**
	 * Reads a module's source for `insmod`.
	 * @throws {UserError} when it cannot be read.
	 * @default no file can be read
	 */
	readonly readFile?: ((path: string) => string) | undefined;
	/** Told of each act and each move through history, for a journal. @default nobody */
	readonly recorder?: SessionRecorder | undefined;
}

/** An act of the history with what is needed to do it again. */
interface Entry extends Act {
	readonly act: KernelAct;
}

/**
 * One exploration: a machine, and the acts done on it since boot. One act is one step of the history, whatever it
 * changed; a mistake of the user is no step. The same acts always lead to the same state.
 */
export class Session {
	readonly machine: Machine;
	/** What it began in; absent: a clean boot. */
	readonly bootState: BootState | undefined;
	readonly #readFile: (path: string) => string;
	readonly #recorder: SessionRecorder | undefined;
	readonly #timeline: Timeline;
	#entries: Entry[] = [];
	#step = 0;
	#changeListeners: (() => void)[] = [];
	#eventListeners: { readonly listener: EventListener; unsubscribe: () => void }[] = [];

	/** Boot a machine. Loads the C grammar at the first call. @throws {UserError} for a boot state it cannot have. */
	static async open(options: SessionOptions): Promise<Session> {
		await loadC();
		return new Session(options);
	}

	private constructor({ readFile = refuseFiles, ...options }: SessionOptions) {
		this.machine = options.machine;
		this.bootState = options.bootState;
		this.#readFile = readFile;
		this.#recorder = options.recorder;
		this.#timeline = new Timeline(options);
	}

	/** What the panels read. Another object after each step back. */
	get view(): MemoryView {
		return this.#timeline.shell.kernel.view;
	}

	/** The newest events since boot, those of acts done again by an undo included. */
	get events(): Pick<EventLog, 'count' | 'at' | 'latest'> {
		return this.#timeline.shell.kernel.context.events;
	}

	/** Number of acts done; 0 at boot. */
	get step(): number {
		return this.#step;
	}

	/** All acts, those that were taken back (`step` and later) included until another act replaces them. */
	get history(): readonly Act[] {
		return this.#entries;
	}

	/**
	 * Do what was typed: C statements, or a word of the explorer. Listeners hear of it once it is over.
	 * Never throws for a mistake of the user; the outcome tells.
	 */
	execute(text: string): Outcome {
		const outcome = this.#attempt(text);
		if (outcome.kind !== 'error' && outcome.kind !== 'request') this.#tellChange();
		return outcome;
	}

	/**
	 * Do acts of an earlier session again, then go to `step`. To be called before anything else is done.
	 * @returns the first act that did not end as it did then, or undefined. What follows an act that is refused is lost.
	 */
	repeat(acts: readonly JournalAct[], step: number): number | undefined {
		let changedAt: number | undefined;
		try {
			for (const { act, text, timeNs } of acts) {
				const at = this.#step + 1;
				this.#entries.push({ step: at, text, outcome: this.#timeline.perform(act, at), act });
				this.#step = at;
				if (this.view.timeNs !== timeNs) changedAt ??= at;
			}
		} catch (error) {
			if (!(error instanceof UserError)) throw error;
			changedAt ??= this.#step + 1;
			this.#bringAbout(undefined, this.#step);
		}
		const end = Math.min(step, this.#step);
		if (end !== this.#step) this.#bringAbout(this.#step, end);
		this.#step = end;
		this.#tellChange();
		return changedAt;
	}

	undo(): boolean {
		return this.seek(this.#step - 1);
	}

	redo(): boolean {
		return this.seek(this.#step + 1);
	}

	/**
	 * Go to the state after act `step`; 0 is the boot.
	 * @returns false when there is no such step or it is the present one.
	 */
	seek(step: number): boolean {
		if (!this.#moveTo(step)) return false;
		this.#tellChange();
		return true;
	}

	/** What may stand at `cursor`: C names, the explorer's words, and what those take. */
	complete(text: string, cursor: number): readonly Completion[] {
		return complete({ interpreter: this.#timeline.shell.interpreter, view: this.view }, text, cursor);
	}

	/**
	 * Value of a C expression that changes nothing.
	 * @throws {UserError}
	 */
	evaluate(expression: string): CValue {
		return this.#timeline.shell.interpreter.evaluate(expression);
	}

	/** A C expression's value as text, and whether it is other than zero. @throws {UserError} */
	inspect(expression: string): { readonly text: string; readonly isTrue: boolean } {
		const value = this.evaluate(expression);
		return { text: formatValue(value), isTrue: isTrue(value) };
	}

	/** Call `listener` once after each act, undo and seek. Returns the function that ends it. */
	onChange(listener: () => void): () => void {
		this.#changeListeners = [...this.#changeListeners, listener];
		return () => {
			this.#changeListeners = this.#changeListeners.filter(other => other !== listener);
		};
	}

	/** Call `listener` for each event of new acts; acts that an undo does again are silent. Returns what ends it. */
	onEvent(listener: EventListener): () => void {
		const entry = { listener, unsubscribe: this.#timeline.shell.kernel.context.events.subscribe(listener) };
		this.#eventListeners.push(entry);
		return () => {
			entry.unsubscribe();
			this.#eventListeners = this.#eventListeners.filter(other => other !== entry);
		};
	}

	#attempt(text: string): Outcome {
		try {
			return this.#obey(readCommand(text), text.trim());
		} catch (error) {
			if (!(error instanceof UserError)) throw error;
			return { kind: 'error', error: shellCommand(text) ?? error };
		}
	}

	#obey(command: Command, text: string): Outcome {
		switch (command.kind) {
			case 'request':
				return { kind: 'request', request: command.request };
			case 'goto':
			case 'walk':
			case 'explain':
			case 'find':
			case 'describe':
				return answer(command, { interpreter: this.#timeline.shell.interpreter, view: this.view });
			case 'undo':
				return this.#move(this.#step - 1, 'nothing to undo');
			case 'redo':
				return this.#move(this.#step + 1, 'nothing to redo');
			case 'reset':
				return this.#move(0, 'this is the boot already');
			case 'seek':
				return this.#move(command.step, phrase('there is no other step {step}', { step: command.step }));
			case 'insmod':
				return this.#perform({ ...command, source: this.#readFile(splitModuleArgument(command.path)[0]) }, text);
			default:
				return this.#perform(command, text);
		}
	}

	#move(step: number, impossible: Text): Outcome {
		if (!this.#moveTo(step))
			throw new UserError(impossible, undefined, phrase('steps 0 to {length}', { length: this.#entries.length }));
		return {
			kind: 'done',
			value: phrase('step {step} of {length}', { step: this.#step, length: this.#entries.length }),
		};
	}

	#perform(act: KernelAct, text: string): Outcome {
		const step = this.#step + 1;
		try {
			const outcome = this.#timeline.perform(act, step);
			this.#entries.length = this.#step;
			this.#entries.push({ step, text, outcome, act });
			this.#step = step;
			this.#recorder?.act({ step, text, act, timeNs: this.view.timeNs });
			return outcome;
		} catch (error) {
			// A mistake that showed half-way has changed things already: back to the state before the act.
			if (error instanceof UserError && this.view.step === step) this.#bringAbout(undefined, this.#step);
			throw error;
		}
	}

	#moveTo(step: number): boolean {
		if (step < 0 || step > this.#entries.length || step === this.#step) return false;
		this.#bringAbout(this.#step, step);
		this.#step = step;
		this.#recorder?.seek(step);
		return true;
	}

	/** Go to the state after `to`, without a word to those who listen to events. */
	#bringAbout(from: number | undefined, to: number): void {
		for (const entry of this.#eventListeners) entry.unsubscribe();
		this.#timeline.seek(from, to, step => {
			const entry = this.#entries[step - 1];
			if (!entry) throw new RangeError(`there is no act ${step}`);
			return entry.act;
		});
		for (const entry of this.#eventListeners) {
			entry.unsubscribe = this.#timeline.shell.kernel.context.events.subscribe(entry.listener);
		}
	}

	#tellChange(): void {
		for (const listener of this.#changeListeners) listener();
	}
}

const refuseFiles = (path: string): never => {
	throw new UserError('no file can be read here', path);
};
