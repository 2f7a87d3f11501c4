import type { VirtualAddress } from '../machine/address.ts';
import type { UserError } from '../machine/user-error.ts';
import type { Language } from '../phrases/language.ts';
import { type CommandLine, EMPTY_LINE } from './command-bar/command-line.ts';
import type { Context } from './keys.ts';
import type { Draft } from './machine-editor/draft.ts';
import { PANELS, type PanelId } from './panels/panel-model.ts';

export interface Size {
	readonly columns: number;
	readonly rows: number;
}

export interface PanelPosition {
	/** Item under the cursor. */
	readonly cursor: number;
	/** First visible row. */
	readonly scroll: number;
}

/** A box over the panels. */
export type Overlay =
	| { readonly kind: 'help' }
	| { readonly kind: 'detail'; readonly address: number }
	/** A row of the table or a symbol, by its name. */
	| { readonly kind: 'explain'; readonly name: string }
	| { readonly kind: 'editor'; readonly draft: Draft }
	/** The list of machines: which is highlighted, and how often it was brought there by another key than up and down. */
	| { readonly kind: 'picker'; readonly at: number; readonly jumps: number };

/** What the line below the command bar says. */
export type Result =
	| { readonly kind: 'welcome' }
	| { readonly kind: 'value'; readonly text: string }
	| { readonly kind: 'note'; readonly text: string }
	| { readonly kind: 'warning'; readonly text: string }
	| { readonly kind: 'error'; readonly error: UserError };

export interface UiState {
	readonly size: Size;
	readonly language: Language;
	readonly focus: PanelId;
	readonly panels: Readonly<Record<PanelId, PanelPosition>>;
	readonly overlay: Overlay | undefined;
	readonly overlayScroll: number;
	/** Address that the page walk shows; undefined: nobody has asked for one yet. */
	readonly walked: VirtualAddress | undefined;
	/** Whether keys go into the command bar or the search. */
	readonly typing: 'command' | 'search' | undefined;
	readonly line: CommandLine;
	readonly searchText: string;
	readonly searchCaret: number;
	/** The text that the command bar shows while nobody types: what ran last. */
	readonly ran: string;
	readonly result: Result;
	/** Rises when the session has changed, so that the screen is drawn anew. */
	readonly revision: number;
}

const START: PanelPosition = { cursor: 0, scroll: 0 };

export const initialState = (size: Size, language: Language): UiState => ({
	size,
	language,
	focus: 'pkmap',
	panels: Object.fromEntries(PANELS.map(id => [id, START])) as Record<PanelId, PanelPosition>,
	overlay: undefined,
	overlayScroll: 0,
	walked: undefined,
	typing: undefined,
	line: EMPTY_LINE,
	searchText: '',
	searchCaret: 0,
	ran: '',
	result: { kind: 'welcome' },
	revision: 0,
});

/** Where keys go now. */
export const contextOf = ({ overlay, typing, line }: UiState): Context => {
	if (typing === 'command') return line.search ? 'history' : 'command';
	if (typing === 'search') return 'search';
	if (overlay) return overlay.kind === 'picker' || overlay.kind === 'editor' ? overlay.kind : 'overlay';
	return 'panel';
};

/** Where the cursor of a panel is to go, and the row that must then be the first. */
export interface PanelMove extends PanelPosition {
	readonly panel: PanelId;
}

export type Action =
	| { readonly type: 'resized'; readonly size: Size }
	| { readonly type: 'focused'; readonly panel: PanelId }
	| { readonly type: 'walked'; readonly address: VirtualAddress }
	| { readonly type: 'moved'; readonly moves: readonly PanelMove[] }
	| { readonly type: 'overlay'; readonly overlay: Overlay | undefined }
	| { readonly type: 'scrolled'; readonly to: number }
	| { readonly type: 'typing'; readonly where: 'command' | 'search' | undefined }
	| { readonly type: 'line'; readonly line: CommandLine }
	| { readonly type: 'search'; readonly text: string; readonly caret: number }
	| { readonly type: 'ran'; readonly text: string; readonly result: Result }
	| { readonly type: 'said'; readonly result: Result }
	/** The session did something; panels follow to what is new. */
	| { readonly type: 'acted'; readonly moves: readonly PanelMove[] }
	/** Another session took the place of the old one. */
	| { readonly type: 'opened' };

/** The only way in which the state of the screen changes. */
export const reduce = (state: UiState, action: Action): UiState => {
	switch (action.type) {
		case 'resized':
			return { ...state, size: action.size };
		case 'focused':
			return { ...state, focus: action.panel, overlay: undefined };
		case 'walked':
			return { ...state, walked: action.address };
		case 'moved':
			return { ...state, panels: withMoves(state.panels, action.moves) };
		case 'overlay':
			return {
				...state,
				overlay: action.overlay,
				overlayScroll: 0,
				typing: action.overlay ? undefined : state.typing,
			};
		case 'scrolled':
			return { ...state, overlayScroll: action.to };
		case 'typing':
			return { ...state, typing: action.where, overlay: undefined };
		case 'line':
			// A new key press takes an old error away: its caret would point into another text.
			return {
				...state,
				line: action.line,
				result: state.result.kind === 'error' ? { kind: 'note', text: '' } : state.result,
			};
		case 'search':
			return { ...state, searchText: action.text, searchCaret: action.caret };
		case 'ran':
			return { ...state, ran: action.text, result: action.result };
		case 'said':
			return { ...state, result: action.result };
		case 'acted':
			return { ...state, panels: withMoves(state.panels, action.moves), revision: state.revision + 1 };
		case 'opened': {
			const fresh = initialState(state.size, state.language);
			const line = { ...EMPTY_LINE, past: state.line.past, at: state.line.past.length };
			return { ...fresh, focus: state.focus, line, revision: state.revision + 1 };
		}
	}
};

const withMoves = (panels: UiState['panels'], moves: readonly PanelMove[]): UiState['panels'] => {
	const changed = { ...panels };
	for (const { panel, cursor, scroll } of moves) changed[panel] = { cursor, scroll };
	return changed;
};
