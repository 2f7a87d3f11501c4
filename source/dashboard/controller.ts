import { type Machine, machineName } from '../machine/machine.ts';
import { findMachine } from '../machine/machines.ts';
import { UserError } from '../machine/user-error.ts';
import type { Text } from '../phrases/phrase.ts';
import { boxRows, overlayLines } from './boxes/overlay-model.ts';
import {
	completeLine,
	editLine,
	leaveTyping,
	openCommandBar,
	recall,
	runText,
	submitLine,
	submitSearch,
	typeInSearch,
} from './command-bar/command-control.ts';
import { changeQuery, insert, searchHistory } from './command-bar/command-line.ts';
import { type SaveSession, saveSession } from './command-bar/save-control.ts';
import { DIRECTIONS, EDITS } from './command-tables.ts';
import { explainIn, focusOn, goTo, openDetail, walkIn } from './go-to.ts';
import { Command, type Context, commandFor, isPrintable, type KeyPress, keyName, keyOfCharacter } from './keys.ts';
import { isToldOver, lessonBack, lessonNext } from './lessons/lesson-control.ts';
import { commandEditor, openEditor, typeInEditor } from './machine-editor/editor-control.ts';
import { jumpInPicker, openPicker } from './machine-picker/picker-control.ts';
import { type Direction, moveFrom, PANELS, panelOfKey } from './panels/panel-model.ts';
import { isTooSmall } from './screen-layout.ts';
import type { Request, ScenarioLike, SessionLike } from './session-like.ts';
import { contextOf } from './state.ts';
import type { DashboardStore } from './store.ts';

/** What the dashboard asks of the program around it. */
export interface Surroundings {
	/** Boots a machine for an exploration of its own. */
	readonly openMachine: (machine: Machine) => Promise<SessionLike>;
	/** Boots a changed machine, and says what became of the state that the present session began in. */
	readonly openChanged?:
		| ((machine: Machine) => Promise<{ readonly session: SessionLike; readonly note?: Text }>)
		| undefined;
	/**
	 * Opens a lesson; without a number the one after the newest one that was opened.
	 * @throws {UserError} when there is no such lesson.
	 */
	readonly openLesson?:
		| ((number?: number) => Promise<{ readonly session: SessionLike; readonly scenario: ScenarioLike }>)
		| undefined;
	/** Whether a lesson follows the newest one. */
	readonly hasNextLesson?: (() => boolean) | undefined;
	/** Writes a session as a scenario. Absent: there is nowhere to write. */
	readonly saveSession?: SaveSession | undefined;
	/** @param status 130 after Ctrl-C, else 0. */
	readonly quit: (status: number) => void;
	readonly repaint: () => void;
	readonly suspend: () => void;
}

/** Turns key presses into what they mean: changes of the screen, acts of the session, requests to the surroundings. */
export class Controller {
	constructor(
		readonly store: DashboardStore,
		readonly surroundings: Surroundings,
	) {}

	/** Input as Ink reports it; several characters at once when they arrived together. */
	input(input: string, key: KeyPress): void {
		const name = keyName(input, key);
		if (input.length <= 1 || key.ctrl || key.meta || name !== input) {
			this.press(name, input);
			return;
		}
		for (const character of input) this.press(keyOfCharacter(character), character);
	}

	/** Do what stands in a line as if it had been typed. */
	run(text: string): void {
		runText(this.store, text, request => this.#answer(request));
	}

	/** Text from the clipboard. Outside of the command bar it opens it. */
	paste(text: string): void {
		const { store } = this;
		if (isTooSmall(store.getState().size)) return;
		if (contextOf(store.getState()) === 'search') {
			typeInSearch(store, text);
			return;
		}
		if (contextOf(store.getState()) === 'editor') {
			typeInEditor(store, text);
			return;
		}
		if (contextOf(store.getState()) !== 'command') store.dispatch({ type: 'typing', where: 'command' });
		store.dispatch({ type: 'line', line: insert(store.getState().line, text) });
	}

	/** One key; `text` is what it types where text is typed. */
	press(key: string, text: string): void {
		const { store } = this;
		const context = contextOf(store.getState());
		const command = commandFor(context, key);
		if (isTooSmall(store.getState().size)) {
			if (command === Command.ForceQuit) this.surroundings.quit(130);
			else if (key === 'q') this.surroundings.quit(0);
			return;
		}
		if (command !== undefined) this.#run(command, context, key);
		else if (isPrintable(text)) this.#type(context, text);
	}

	#type(context: Context, text: string): void {
		const { store } = this;
		const { line } = store.getState();
		if (context === 'command') store.dispatch({ type: 'line', line: insert(line, text) });
		else if (context === 'search') typeInSearch(store, text);
		else if (context === 'editor') typeInEditor(store, text);
		else if (context === 'history') {
			store.dispatch({ type: 'line', line: changeQuery(line, (line.search?.query ?? '') + text) });
		}
	}

	#run(command: Command, context: Context, key: string): void {
		if (commandEditor(this.store, command, machine => void this.openMachine(machine, this.surroundings.openChanged)))
			return;
		const edition = EDITS[command];
		if (edition) {
			editLine(this.store, edition, context);
			return;
		}
		const direction = DIRECTIONS[command];
		if (direction) {
			this.#move(direction, context);
			return;
		}
		const act = this.#acts[command];
		if (act) act(key, context);
	}

	readonly #acts: Partial<Record<Command, (key: string, context: Context) => void>> = {
		[Command.JumpToPanel]: key => {
			const panel = panelOfKey(key);
			if (panel) focusOn(this.store, panel);
		},
		[Command.NextPanel]: () => this.#focus(this.#focusIndex + 1),
		[Command.PreviousPanel]: () => this.#focus(this.#focusIndex - 1 + PANELS.length),
		[Command.Detail]: () => openDetail(this.store),
		[Command.OpenCommand]: () => openCommandBar(this.store),
		[Command.OpenSearch]: () => {
			this.store.dispatch({ type: 'search', text: '', caret: 0 });
			this.store.dispatch({ type: 'typing', where: 'search' });
		},
		[Command.PickMachine]: () => openPicker(this.store),
		[Command.EditMachine]: () => openEditor(this.store),
		[Command.Help]: () => this.store.dispatch({ type: 'overlay', overlay: { kind: 'help' } }),
		[Command.Close]: (_, context) => this.#close(context),
		[Command.Undo]: () => this.#travel(this.store.session.undo(), this.store.messages.command.nothingToUndo),
		[Command.Redo]: () => this.#travel(this.store.session.redo(), this.store.messages.command.nothingToRedo),
		[Command.StepBack]: () => this.#seek(-1, this.store.messages.command.nothingToUndo),
		[Command.StepOn]: () => this.#seek(1, this.store.messages.command.nothingToRedo),
		[Command.LessonNext]: () => this.#lessonNext(),
		[Command.LessonBack]: () => lessonBack(this.store),
		[Command.Submit]: (_, context) =>
			context === 'search' ? submitSearch(this.store) : submitLine(this.store, request => this.#answer(request)),
		[Command.Leave]: () => leaveTyping(this.store),
		[Command.Complete]: () => completeLine(this.store, 1),
		[Command.CompleteBack]: () => completeLine(this.store, -1),
		[Command.HistoryBack]: () => recall(this.store, -1),
		[Command.HistoryOn]: () => recall(this.store, 1),
		[Command.HistorySearch]: () =>
			this.store.dispatch({ type: 'line', line: searchHistory(this.store.getState().line) }),
		[Command.Repaint]: () => this.surroundings.repaint(),
		[Command.Suspend]: () => this.surroundings.suspend(),
		[Command.Quit]: () => this.surroundings.quit(0),
		[Command.ForceQuit]: () => this.surroundings.quit(130),
	};

	/** Boot another machine and show it. */
	openMachine(machine: Machine, openChanged = this.#openFresh): Promise<void> {
		const { store } = this;
		const id = store.messages.say(machineName(machine));
		const { opening, opened } = store.messages.command;
		store.dispatch({ type: 'overlay', overlay: undefined });
		store.dispatch({ type: 'said', result: { kind: 'note', text: opening(id) } });
		return this.#replaceSession(async () => {
			const { session, note } = await openChanged(machine);
			store.open(session);
			const text = note === undefined ? opened(id) : `${opened(id)}; ${store.messages.say(note)}`;
			store.dispatch({ type: 'said', result: { kind: 'note', text } });
		});
	}

	readonly #openFresh: NonNullable<Surroundings['openChanged']> = async machine => ({
		session: await this.surroundings.openMachine(machine),
	});

	/** What cannot be opened is told in the result line, and the present session stays. */
	async #replaceSession(open: () => Promise<void>): Promise<void> {
		try {
			await open();
		} catch (error) {
			if (!(error instanceof UserError)) throw error;
			this.store.dispatch({ type: 'said', result: { kind: 'error', error } });
		}
	}

	get #focusIndex(): number {
		return PANELS.indexOf(this.store.getState().focus);
	}

	#focus(index: number): void {
		const panel = PANELS[index % PANELS.length];
		if (panel) focusOn(this.store, panel);
	}

	#move(direction: Direction, context: Context): void {
		const { store } = this;
		if (context === 'overlay') {
			this.#scroll(direction);
			return;
		}
		if (context === 'picker') {
			jumpInPicker(store, direction);
			return;
		}
		const shown = store.focused;
		const item = moveFrom(shown.model, shown.cursor, direction, shown.visibleRows);
		store.dispatch({ type: 'moved', moves: [store.moveTo(shown, item)] });
	}

	#scroll(direction: Direction): void {
		const { store } = this;
		const rows = boxRows(store);
		const last = Math.max(0, overlayLines(store).length - rows);
		const { overlayScroll } = store.getState();
		const targets: Partial<Record<Direction, number>> = {
			up: overlayScroll - 1,
			down: overlayScroll + 1,
			pageUp: overlayScroll - rows,
			pageDown: overlayScroll + rows,
			first: 0,
			last,
		};
		const to = Math.min(last, Math.max(0, targets[direction] ?? overlayScroll));
		store.dispatch({ type: 'scrolled', to });
	}

	#close(context: Context): void {
		const { store } = this;
		if (context !== 'panel') store.dispatch({ type: 'overlay', overlay: undefined });
		else if (store.screen.resultRows > 1) store.dispatch({ type: 'said', result: { kind: 'note', text: '' } });
		else if (this.#focusIndex > 3) store.dispatch({ type: 'focused', panel: 'pkmap' });
	}

	#seek(by: number, impossible: string): void {
		this.#travel(this.store.session.seek(this.store.session.step + by), impossible);
	}

	#travel(hasMoved: boolean, impossible: string): void {
		const { store } = this;
		const { step, history } = store.session;
		const text = hasMoved ? store.messages.command.undone(step, history.length) : impossible;
		store.dispatch({ type: 'ran', text: '', result: { kind: 'note', text } });
	}

	#lessonNext(): void {
		const { store } = this;
		const hasNext = this.surroundings.hasNextLesson?.() ?? false;
		// The end is told first, so that nobody who holds the key down loses what the lesson shows there.
		if (!store.scenario || (hasNext && isToldOver(store))) this.#openLesson(undefined);
		else lessonNext(store, hasNext);
	}

	#openLesson(number: number | undefined): void {
		const { openLesson } = this.surroundings;
		if (!openLesson) return;
		void this.#replaceSession(async () => {
			const { session, scenario } = await openLesson(number);
			this.store.open(session, scenario);
			this.store.dispatch({ type: 'typing', where: undefined });
		});
	}

	#answer(request: Request): void {
		if (request === 'quit') this.surroundings.quit(0);
		else if (request === 'help') this.store.dispatch({ type: 'overlay', overlay: { kind: 'help' } });
		else if (request === 'edit') openEditor(this.store);
		else if ('save' in request) void saveSession(this.store, request, this.surroundings.saveSession);
		else if ('lesson' in request) this.#openLesson(request.lesson);
		else if ('walk' in request) walkIn(this.store, request.walk);
		else if ('goto' in request) goTo(this.store, request.goto);
		else if ('explain' in request) explainIn(this.store, request.explain);
		else void this.openMachine(findMachine(request.machine));
	}
}
