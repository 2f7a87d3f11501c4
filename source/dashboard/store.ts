import { virtual } from '../machine/address.ts';
import { type Messages, messagesIn } from '../messages/messages.ts';
import type { Language } from '../phrases/language.ts';
import { resultRowCount } from './command-bar/result-model.ts';
import type { InspectorContext } from './inspector-model.ts';
import { captionRows } from './lessons/lesson-model.ts';
import type { Theme } from './painting/theme.ts';
import { fixmapRows } from './panels/fixmap-model.ts';
import { type PanelId, type PanelModel, scrollTo } from './panels/panel-model.ts';
import { PanelModels } from './panels/panel-models.ts';
import { innerColumns, innerRows, layoutScreen, type Place, type ScreenLayout } from './screen-layout.ts';
import type { ScenarioLike, SessionLike } from './session-like.ts';
import { type Action, initialState, type PanelMove, reduce, type Size, type UiState } from './state.ts';

/** A panel on the screen with everything needed to paint it. */
export interface ShownPanel {
	readonly place: Place;
	readonly model: PanelModel;
	/** Rows between head and foot. */
	readonly visibleRows: number;
	readonly cursor: number;
	readonly scroll: number;
}

export interface StoreOptions {
	readonly session: SessionLike;
	readonly scenario: ScenarioLike | undefined;
	readonly size: Size;
	readonly theme: Theme;
	readonly language: Language;
	/** Whether Space can open a lesson. @default false */
	readonly hasLessonToOffer?: boolean;
}

/** The state of the screen, the session that it shows, and who wants to hear of changes. */
export class DashboardStore {
	readonly theme: Theme;
	readonly messages: Messages;
	readonly hasLessonToOffer: boolean;
	#session: SessionLike;
	#scenario: ScenarioLike | undefined;
	#state: UiState;
	#listeners: (() => void)[] = [];
	#unsubscribe: () => void;
	readonly #models = new PanelModels();
	// How the screen is divided, until its size, the focus, the lesson or the machine changes.
	#screen: { readonly key: string; readonly layout: ScreenLayout } | undefined;

	// Rows that the newest result takes.
	#result: { readonly state: UiState; readonly rows: number } | undefined;

	constructor({ session, scenario, size, theme, language, hasLessonToOffer = false }: StoreOptions) {
		this.theme = theme;
		this.messages = messagesIn(language);
		this.hasLessonToOffer = hasLessonToOffer;
		this.#session = session;
		this.#scenario = scenario;
		this.#state = initialState(size, language);
		this.#unsubscribe = session.onChange(this.#followSession);
		this.#lookAtStart();
	}

	get session(): SessionLike {
		return this.#session;
	}

	get scenario(): ScenarioLike | undefined {
		return this.#scenario;
	}

	readonly getState = (): UiState => this.#state;

	readonly subscribe = (listener: () => void): (() => void) => {
		this.#listeners = [...this.#listeners, listener];
		return () => {
			this.#listeners = this.#listeners.filter(other => other !== listener);
		};
	};

	readonly dispatch = (action: Action): void => {
		const next = reduce(this.#state, action);
		if (next === this.#state) return;
		this.#state = next;
		for (const listener of this.#listeners) listener();
	};

	/** The terminal has another size now. */
	resize(size: Size): void {
		const { columns, rows } = this.#state.size;
		if (size.columns !== columns || size.rows !== rows) this.dispatch({ type: 'resized', size });
	}

	/** Show another session, freshly, and forget the old one. */
	open(session: SessionLike, scenario?: ScenarioLike): void {
		this.#unsubscribe();
		this.#session = session;
		this.#scenario = scenario;
		this.#screen = undefined;
		this.#unsubscribe = session.onChange(this.#followSession);
		this.dispatch({ type: 'opened' });
		this.#lookAtStart();
	}

	/** Hear no more of the session. */
	dispose(): void {
		this.#unsubscribe();
		this.#listeners = [];
	}

	/** How the screen is divided now. */
	get screen(): ScreenLayout {
		const { view } = this.#session;
		const { size, focus } = this.#state;
		const rows = this.#resultRows();
		const captions = this.#scenario?.captions(this.#state.language) ?? [];
		const key = `${size.columns}x${size.rows}/${focus}/${captions.length}/${rows}/${view.machine.id}`;
		if (this.#screen?.key !== key) {
			const layout = layoutScreen(size, focus, {
				tableRows: view.layout.rows.length,
				pkmapSlots: view.pkmap?.slots ?? 0,
				fixmapRows: cells => fixmapRows(view, cells).length,
				captionRows: captionRows(captions, size.columns),
				resultRows: rows,
			});
			this.#screen = { key, layout };
		}
		return this.#screen.layout;
	}

	/** The panel in that place, ready to be painted. */
	shown(place: Place): ShownPanel {
		const model = this.#model(place);
		const visibleRows = Math.max(0, innerRows(place) - model.head.length - model.foot.length);
		const position = this.#state.panels[place.panel];
		const cursor = Math.max(0, Math.min(position.cursor, model.itemCount - 1));
		return { place, model, visibleRows, cursor, scroll: scrollTo(model, cursor, position.scroll, visibleRows) };
	}

	/** What the inspector's words are made from. */
	get inspectorContext(): InspectorContext {
		const { view, history } = this.#session;
		const walked = this.#state.walked ?? view.pkmap?.address(0) ?? virtual(view.layout.pageOffset);
		return { view, history, messages: this.messages, walked };
	}

	/** The panel that has the keys. */
	get focused(): ShownPanel {
		const { focus } = this.#state;
		const places = this.screen.columns.flat();
		const place = places.find(({ panel }) => panel === focus) ?? places[0];
		return this.shown(place ?? { panel: focus, columns: this.#state.size.columns, rows: this.screen.panelRows });
	}

	/** The move that puts a panel's cursor on an item, scrolling no further than needed. */
	moveTo(shown: ShownPanel, item: number): PanelMove {
		const { model, scroll, visibleRows, place } = shown;
		return { panel: place.panel, cursor: item, scroll: scrollTo(model, item, scroll, visibleRows) };
	}

	/** The panel's view when it has been brought to what the newest act changed. */
	movesToNewest(panels: readonly PanelId[]): readonly PanelMove[] {
		return this.screen.columns
			.flat()
			.filter(({ panel }) => panels.includes(panel))
			.map(place => this.shown(place))
			.flatMap(shown => (shown.model.newest === undefined ? [] : [this.moveTo(shown, shown.model.newest)]));
	}

	readonly #followSession = (): void => {
		this.dispatch({ type: 'acted', moves: this.movesToNewest(['pkmap', 'fixmap', 'log', 'vmalloc']) });
	};

	/** At first the pkmap shows where the next search begins, and the log its end; without a pkmap the table has the keys. */
	#lookAtStart(): void {
		const { view } = this.#session;
		if (!view.pkmap && this.#state.focus === 'pkmap') this.dispatch({ type: 'focused', panel: 'layout' });
		const starts: Partial<Record<PanelId, number>> = {
			pkmap: view.pkmap?.lastPkmapNr ?? 0,
			log: Math.max(0, view.log.length + view.advices.length - 1),
		};
		const moves = this.screen.columns
			.flat()
			.map(place => this.shown(place))
			.flatMap(shown => {
				const item = starts[shown.place.panel];
				return item === undefined ? [] : [this.moveTo(shown, item)];
			});
		this.dispatch({ type: 'moved', moves });
	}

	#resultRows(): number {
		const state = this.#state;
		if (this.#result?.state !== state) this.#result = { state, rows: resultRowCount(state, this.messages) };
		return this.#result.rows;
	}

	#model(place: Place): PanelModel {
		const { view } = this.#session;
		const { walked } = this.inspectorContext;
		const context = { view, width: innerColumns(place), theme: this.theme, messages: this.messages, walked };
		return this.#models.get(place.panel, context, this.screen.pictureRows);
	}
}
