/**
 * Keys as data: the commands of the dashboard, the keys bound to each by context, and the lookup. The help overlay, the
 * hint line and the tests read this same table.
 */

/** Where keys go: the panels, the command bar, its history search, the address search, a box over the panels, the machine picker, the machine editor. */
export type Context = 'panel' | 'command' | 'history' | 'search' | 'overlay' | 'picker' | 'editor';

export enum Command {
	Left = 'left',
	Right = 'right',
	Up = 'up',
	Down = 'down',
	PageUp = 'pageUp',
	PageDown = 'pageDown',
	First = 'first',
	Last = 'last',
	NextPanel = 'nextPanel',
	PreviousPanel = 'previousPanel',
	JumpToPanel = 'jumpToPanel',
	Detail = 'detail',
	OpenCommand = 'openCommand',
	OpenSearch = 'openSearch',
	PickMachine = 'pickMachine',
	EditMachine = 'editMachine',
	FieldUp = 'fieldUp',
	FieldDown = 'fieldDown',
	ChoiceBack = 'choiceBack',
	ChoiceOn = 'choiceOn',
	StartMachine = 'startMachine',
	Undo = 'undo',
	Redo = 'redo',
	StepBack = 'stepBack',
	StepOn = 'stepOn',
	LessonNext = 'lessonNext',
	LessonBack = 'lessonBack',
	Help = 'help',
	Close = 'close',
	Repaint = 'repaint',
	Suspend = 'suspend',
	Quit = 'quit',
	ForceQuit = 'forceQuit',
	Submit = 'submit',
	Leave = 'leave',
	Complete = 'complete',
	CompleteBack = 'completeBack',
	HistoryBack = 'historyBack',
	HistoryOn = 'historyOn',
	HistorySearch = 'historySearch',
	CharLeft = 'charLeft',
	CharRight = 'charRight',
	LineStart = 'lineStart',
	LineEnd = 'lineEnd',
	WordLeft = 'wordLeft',
	WordRight = 'wordRight',
	DeleteBack = 'deleteBack',
	DeleteOn = 'deleteOn',
	DeleteWord = 'deleteWord',
	DeleteToStart = 'deleteToStart',
	DeleteLine = 'deleteLine',
	DeleteToEnd = 'deleteToEnd',
}

export interface Binding {
	readonly command: Command;
	readonly contexts: readonly Context[];
	/** Key names as `keyName` gives them: `j`, `G`, `up`, `ctrl+l`, `shift+tab`. */
	readonly keys: readonly string[];
}

/** What leads on from a box as well as from the panels: whoever reads the help tries at once what it says. */
const MOVING: readonly Context[] = ['panel', 'overlay'];
const LISTS: readonly Context[] = [...MOVING, 'picker'];
const TYPING: readonly Context[] = ['command', 'search'];
const LINES: readonly Context[] = [...TYPING, 'editor'];
const EVERYWHERE: readonly Context[] = ['panel', 'command', 'history', 'search', 'overlay', 'picker', 'editor'];

export const BINDINGS: readonly Binding[] = [
	{ command: Command.OpenCommand, contexts: MOVING, keys: [':', 'i'] },
	{ command: Command.Help, contexts: ['panel'], keys: ['?'] },
	{ command: Command.PickMachine, contexts: MOVING, keys: ['m'] },
	{ command: Command.EditMachine, contexts: MOVING, keys: ['e'] },
	{ command: Command.LessonNext, contexts: ['panel'], keys: ['space'] },
	{ command: Command.LessonBack, contexts: ['panel'], keys: ['backspace'] },
	{ command: Command.Undo, contexts: MOVING, keys: ['u'] },
	{ command: Command.Redo, contexts: MOVING, keys: ['ctrl+r', 'U'] },
	{ command: Command.StepBack, contexts: MOVING, keys: ['['] },
	{ command: Command.StepOn, contexts: MOVING, keys: [']'] },
	{ command: Command.NextPanel, contexts: ['panel'], keys: ['tab'] },
	{ command: Command.PreviousPanel, contexts: ['panel'], keys: ['shift+tab'] },
	{ command: Command.JumpToPanel, contexts: MOVING, keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'] },
	{ command: Command.Left, contexts: ['panel'], keys: ['h', 'left'] },
	{ command: Command.Down, contexts: LISTS, keys: ['j', 'down'] },
	{ command: Command.Up, contexts: LISTS, keys: ['k', 'up'] },
	{ command: Command.Right, contexts: ['panel'], keys: ['l', 'right'] },
	{ command: Command.PageUp, contexts: LISTS, keys: ['pageup', 'ctrl+u', 'ctrl+b'] },
	{ command: Command.PageDown, contexts: LISTS, keys: ['pagedown', 'ctrl+d', 'ctrl+f'] },
	{ command: Command.PageDown, contexts: ['overlay'], keys: ['space'] },
	{ command: Command.First, contexts: LISTS, keys: ['g', 'home'] },
	{ command: Command.Last, contexts: LISTS, keys: ['G', 'end'] },
	{ command: Command.Detail, contexts: ['panel'], keys: ['enter'] },
	{ command: Command.OpenSearch, contexts: MOVING, keys: ['/'] },
	{ command: Command.Close, contexts: ['panel'], keys: ['escape'] },
	{ command: Command.Close, contexts: ['overlay'], keys: ['escape', 'q', 'enter', '?'] },
	{ command: Command.Close, contexts: ['picker'], keys: ['escape', 'q', 'm'] },
	{ command: Command.StartMachine, contexts: ['picker'], keys: ['enter'] },
	{ command: Command.FieldUp, contexts: ['editor'], keys: ['up', 'shift+tab'] },
	{ command: Command.FieldDown, contexts: ['editor'], keys: ['down', 'tab'] },
	{ command: Command.ChoiceBack, contexts: ['editor'], keys: ['left'] },
	{ command: Command.ChoiceOn, contexts: ['editor'], keys: ['right'] },
	{ command: Command.StartMachine, contexts: ['editor'], keys: ['enter'] },
	{ command: Command.Close, contexts: ['editor'], keys: ['escape'] },
	{ command: Command.PageUp, contexts: ['editor'], keys: ['pageup'] },
	{ command: Command.PageDown, contexts: ['editor'], keys: ['pagedown'] },
	{ command: Command.Submit, contexts: ['command', 'history', 'search'], keys: ['enter'] },
	{ command: Command.Leave, contexts: ['command', 'history', 'search'], keys: ['escape'] },
	{ command: Command.Complete, contexts: ['command'], keys: ['tab'] },
	{ command: Command.CompleteBack, contexts: ['command'], keys: ['shift+tab'] },
	{ command: Command.HistoryBack, contexts: ['command'], keys: ['up', 'ctrl+p'] },
	{ command: Command.HistoryOn, contexts: ['command'], keys: ['down', 'ctrl+n'] },
	{ command: Command.HistorySearch, contexts: ['command', 'history'], keys: ['ctrl+r'] },
	{ command: Command.CharLeft, contexts: TYPING, keys: ['left', 'ctrl+b'] },
	{ command: Command.CharRight, contexts: TYPING, keys: ['right', 'ctrl+f'] },
	{ command: Command.LineStart, contexts: LINES, keys: ['home', 'ctrl+a'] },
	{ command: Command.LineEnd, contexts: LINES, keys: ['end', 'ctrl+e'] },
	{ command: Command.WordLeft, contexts: TYPING, keys: ['alt+b', 'ctrl+left'] },
	{ command: Command.WordRight, contexts: TYPING, keys: ['alt+f', 'ctrl+right'] },
	{ command: Command.DeleteBack, contexts: [...LINES, 'history'], keys: ['backspace'] },
	{ command: Command.DeleteOn, contexts: LINES, keys: ['delete', 'ctrl+d'] },
	{ command: Command.DeleteWord, contexts: LINES, keys: ['ctrl+w'] },
	{ command: Command.DeleteToStart, contexts: TYPING, keys: ['ctrl+u'] },
	{ command: Command.DeleteLine, contexts: ['editor'], keys: ['ctrl+u'] },
	{ command: Command.DeleteToEnd, contexts: LINES, keys: ['ctrl+k'] },
	{ command: Command.Repaint, contexts: EVERYWHERE, keys: ['ctrl+l'] },
	{ command: Command.Suspend, contexts: EVERYWHERE, keys: ['ctrl+z'] },
	{ command: Command.Quit, contexts: ['panel'], keys: ['q'] },
	{ command: Command.ForceQuit, contexts: EVERYWHERE, keys: ['ctrl+c'] },
];

const TABLE = new Map<string, Command>();
for (const { command, contexts, keys } of BINDINGS) {
	for (const context of contexts) for (const key of keys) TABLE.set(`${context} ${key}`, command);
}

/** The command that `key` means in `context`, if any. */
export const commandFor = (context: Context, key: string): Command | undefined => TABLE.get(`${context} ${key}`);

/** What Ink tells about a key press; only what is used here. */
export interface KeyPress {
	readonly upArrow?: boolean;
	readonly downArrow?: boolean;
	readonly leftArrow?: boolean;
	readonly rightArrow?: boolean;
	readonly pageUp?: boolean;
	readonly pageDown?: boolean;
	readonly home?: boolean;
	readonly end?: boolean;
	readonly return?: boolean;
	readonly escape?: boolean;
	readonly tab?: boolean;
	readonly backspace?: boolean;
	readonly delete?: boolean;
	readonly ctrl?: boolean;
	readonly shift?: boolean;
	readonly meta?: boolean;
}

const NAMED: readonly (readonly [keyof KeyPress, string])[] = [
	['upArrow', 'up'],
	['downArrow', 'down'],
	['leftArrow', 'left'],
	['rightArrow', 'right'],
	['pageUp', 'pageup'],
	['pageDown', 'pagedown'],
	['home', 'home'],
	['end', 'end'],
	['return', 'enter'],
	['escape', 'escape'],
	['tab', 'tab'],
	['backspace', 'backspace'],
	['delete', 'delete'],
];

/** Name of a pressed key for the table, `''` when nothing can be bound to it. */
export const keyName = (input: string, key: KeyPress): string => {
	const special = NAMED.find(([flag]) => key[flag]);
	if (special) {
		const [, name] = special;
		if (name === 'tab' && key.shift) return 'shift+tab';
		return key.ctrl && (name === 'left' || name === 'right') ? `ctrl+${name}` : name;
	}
	if (key.ctrl && input !== '') return `ctrl+${input}`;
	if (key.meta && input !== '') return `alt+${input}`;
	return CHARACTER_NAMES.get(input) ?? input;
};

const CHARACTER_NAMES = new Map([
	[' ', 'space'],
	['\r', 'enter'],
	['\n', 'enter'],
	['\t', 'tab'],
]);

/** Whether a key types this text where text is typed. */
export const isPrintable = (text: string): boolean => text !== '' && !/[\u0000-\u001f\u007f]/.test(text);

/** Name of the key that sends that single character. */
export const keyOfCharacter = (character: string): string => {
	const code = character.codePointAt(0) ?? 0;
	if (code === 0x7f || code === 8) return 'backspace';
	const isControl = code > 0 && code < 27 && !'\r\n\t'.includes(character);
	return isControl ? `ctrl+${String.fromCharCode(code + 96)}` : keyName(character, {});
};
