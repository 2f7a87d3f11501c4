import { alignColumns } from '../layout/compare/columns.ts';
import type { Machine } from '../machine/machine.ts';
import { printable } from '../machine/user-error.ts';
import type { BoardCheck } from '../memory/board-checks.ts';
import type { BootState } from '../memory/boot-state.ts';
import { asPhrase, english, phrase, type Say, type Text } from '../phrases/phrase.ts';
import type { BoardState } from './board-state.ts';
import type { Board } from './read-log.ts';

/** What /proc counts beside what the simulated kernel counts, and what of it a session starts with: for people. */
export const boardReport = async (
	board: Board,
	machine: Machine,
	state: BoardState | undefined,
	say: Say,
): Promise<string> => {
	if (!board.proc) return '';
	const checks = await checksOf(board, machine);
	const rows = [
		[say('number'), say('computed'), say('in the files'), ''],
		...checks.map(check => [check.what, check.computed, check.read, say(verdictOf(check))]),
	];
	const table = checks.length === 0 ? [] : alignColumns(rows);
	const lines = [...table, ...(state?.state ? [say(summaryOf(state.state))] : [])];
	return lines.map(line => `${printable(line).trimEnd()}\n`).join('');
};

/** The same for programs. */
export const boardJson = async (board: Board, machine: Machine, { state }: BoardState): Promise<object> => {
	if (!board.proc) return {};
	const checks = await checksOf(board, machine);
	const counted = checks.map(({ what, place, read, computed, isSame, cause }) => ({
		what,
		...board.places.at(place),
		read,
		computed,
		verdict: isSame ? 'same' : 'differs',
		...(cause === undefined ? {} : { cause: english(cause) }),
	}));
	return { files: board.places.files, counted, state: state ?? {} };
};

/** The kernel is loaded only here: a boot log alone needs none. */
const checksOf = async ({ proc }: Board, machine: Machine): Promise<readonly BoardCheck[]> => {
	if (!proc) return [];
	const { boardChecks } = await import('../memory/board-checks.ts');
	return boardChecks(machine, proc);
};

const verdictOf = ({ isSame, cause }: BoardCheck): Text => {
	if (isSame) return 'same';
	return cause === undefined ? 'differs' : phrase('differs: {cause}', { cause: asPhrase(cause) });
};

const summaryOf = ({ vmallocAreas = [], zones = [] }: BootState): Text => {
	const lists = zones.filter(({ freeBlocks }) => freeBlocks !== undefined).length;
	return phrase(
		'a session starts with {areas} vmalloc areas and the free lists of {zones} zones from the files; which blocks are free is chosen, only their number is known',
		{ areas: vmallocAreas.length, zones: lists },
	);
};
