import type { ReactElement } from 'react';
import type { Machine } from '../machine/machine.ts';
import type { Language } from '../phrases/language.ts';
import { Controller, type Surroundings } from './controller.ts';
import { Dashboard } from './dashboard.tsx';
import { Theme, type ThemeOptions } from './painting/theme.ts';
import type { ScenarioLike, SessionLike } from './session-like.ts';
import type { Size } from './state.ts';
import { DashboardStore } from './store.ts';

export interface DashboardOptions {
	readonly session: SessionLike;
	/** Boots a machine for an exploration of its own. @throws {UserError} when it cannot be booted. */
	readonly openMachine: (machine: Machine) => Promise<SessionLike>;
	/** A lesson on `session`, played with Space and Backspace. @default none */
	readonly scenario?: ScenarioLike | undefined;
	/** Boots what the machine editor made of the present machine. @default as `openMachine` does */
	readonly openChanged?: Surroundings['openChanged'];
	/** What Space opens while no lesson is played, and after one. @default nothing */
	readonly openLesson?: Surroundings['openLesson'];
	/** @default there is none */
	readonly hasNextLesson?: Surroundings['hasNextLesson'];
	/** What `save` does. @default nothing can be saved */
	readonly saveSession?: Surroundings['saveSession'];
	/** @default 80x24; `store.resize` follows the terminal */
	readonly size?: Size | undefined;
	/** @default 256 colours, box-drawing borders */
	readonly theme?: ThemeOptions | undefined;
	/** @default 'en' */
	readonly language?: Language | undefined;
	/** `q`, `quit` and Ctrl-C (status 130). @default nothing */
	readonly onQuit?: ((status: number) => void) | undefined;
	/** Ctrl-L: draw the whole screen anew. @default nothing */
	readonly onRepaint?: (() => void) | undefined;
	/** Ctrl-Z. @default nothing */
	readonly onSuspend?: (() => void) | undefined;
}

export interface CreatedDashboard {
	readonly store: DashboardStore;
	readonly controller: Controller;
	/** What Ink is to render; it follows the store by itself. */
	readonly element: ReactElement;
}

/** The dashboard of a session: its state, and the Ink element that shows it. */
export const createDashboard = (options: DashboardOptions): CreatedDashboard => {
	const store = new DashboardStore({
		session: options.session,
		scenario: options.scenario,
		size: options.size ?? { columns: 80, rows: 24 },
		theme: new Theme(options.theme),
		language: options.language ?? 'en',
		hasLessonToOffer: options.openLesson !== undefined,
	});
	const nothing = (): void => {};
	const controller = new Controller(store, {
		openMachine: options.openMachine,
		openChanged: options.openChanged,
		openLesson: options.openLesson,
		hasNextLesson: options.hasNextLesson,
		saveSession: options.saveSession,
		quit: options.onQuit ?? nothing,
		repaint: options.onRepaint ?? nothing,
		suspend: options.onSuspend ?? nothing,
	});
	return { store, controller, element: <Dashboard store={store} controller={controller} /> };
};
