import type { Edit } from './command-bar/command-line.ts';
import { Command } from './keys.ts';
import type { Direction } from './panels/panel-model.ts';

/** Commands that move a cursor or scroll. */
export const DIRECTIONS: Partial<Record<Command, Direction>> = {
	[Command.Left]: 'left',
	[Command.Right]: 'right',
	[Command.Up]: 'up',
	[Command.Down]: 'down',
	[Command.PageUp]: 'pageUp',
	[Command.PageDown]: 'pageDown',
	[Command.First]: 'first',
	[Command.Last]: 'last',
};

/** Commands that change a line being typed. */
export const EDITS: Partial<Record<Command, Edit>> = {
	[Command.CharLeft]: 'charLeft',
	[Command.CharRight]: 'charRight',
	[Command.WordLeft]: 'wordLeft',
	[Command.WordRight]: 'wordRight',
	[Command.LineStart]: 'lineStart',
	[Command.LineEnd]: 'lineEnd',
	[Command.DeleteBack]: 'deleteBack',
	[Command.DeleteOn]: 'deleteOn',
	[Command.DeleteWord]: 'deleteWord',
	[Command.DeleteToStart]: 'deleteToStart',
	[Command.DeleteLine]: 'deleteLine',
	[Command.DeleteToEnd]: 'deleteToEnd',
};
