import { alignColumns } from '../layout/columns.ts';
import type { Machine } from '../machine/machine.ts';
import { printable } from '../machine/user-error.ts';
import type { BoardCheck } from '../memory/boot/board-checks.ts';
import type { BootState } from '../memory/boot/boot-state.ts';
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
	const checks = await checksOf(board, machine, state);
	const rows = [
		[say('number'), say('computed'), say('in the files'), ''],
		...checks.map(check => [check.what, check.computed, check.read, say(verdictOf(check))]),
	];
	const table = checks.length === 0 ? [] : alignColumns(rows);
	const lines = [...table, ...(state?.state ? summaryOf(state.state).map(say) : [])];
	return lines.map(line => `${printable(line).trimEnd()}\n`).join('');
};

/** The same for programs. */
export const boardJson = async (board: Board, machine: Machine, started: BoardState): Promise<object> => {
	if (!board.proc) return {};
	const checks = await checksOf(board, machine, started);
	const counted = checks.map(({ what, place, read, computed, isSame, cause }) => ({
		what,
		...board.places.at(place),
		read,
		computed,
		verdict: isSame ? 'same' : 'differs',
		...(cause === undefined ? {} : { cause: english(cause) }),
	}));
	return { files: board.places.files, counted, state: started.state ?? {} };
};

/** The kernel is loaded only here: a boot log alone needs none. */
const checksOf = async (
	{ proc }: Board,
	machine: Machine,
	started: BoardState | undefined,
): Promise<readonly BoardCheck[]> => {
	if (!proc) return [];
	const { boardChecks } = await import('../memory/boot/board-checks.ts');
	return boardChecks(machine, proc, started?.state);
};

const verdictOf = ({ isSame, offBy, cause }: BoardCheck): Text => {
	if (isSame) return 'same';
	const by = offBy === undefined ? '' : ` ${offBy > 0 ? '+' : '-'}${percent(offBy)}`;
	return cause === undefined
		? phrase('differs{by}', { by })
		: phrase('differs{by}: {cause}', { by, cause: asPhrase(cause) });
};

const percent = (share: number): string => {
	const value = Math.abs(share * 100);
	return `${value < 0.01 ? '<0.01' : value.toFixed(value < 1 ? 2 : value < 100 ? 1 : 0)} %`;
};

const summaryOf = ({ vmallocAreas = [], zones = [] }: BootState): Text[] => {
	const lists = zones.filter(({ freeBlocks }) => freeBlocks !== undefined).map(({ name }) => name);
	const marks = zones.filter(({ watermarks }) => watermarks !== undefined).map(({ name }) => name);
	const areas = vmallocAreas.length;
	return [
		...(areas > 0
			? [
					phrase(
						'a session starts with the {areas} vmalloc areas of the files; where ioremap leads is known, the pages of the others are chosen',
						{ areas },
					),
				]
			: []),
		...(marks.length > 0
			? [phrase('a session starts with the watermarks of the files: {zones}', { zones: marks.join(', ') })]
			: []),
		...(lists.length > 0
			? [
					phrase(
						'a session starts with the free lists of the files: {zones}; how many blocks are free is known, which ones is chosen',
						{ zones: lists.join(', ') },
					),
				]
			: []),
	];
};
