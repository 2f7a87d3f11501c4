import { computeLayout } from '../layout/compute-layout.ts';
import { explain } from '../layout/explain/explain.ts';
import { explanationJson } from '../layout/explain/explain-json.ts';
import { explanationLines } from '../layout/explain/explain-text.ts';
import type { LogReading } from '../machine/boot-log/log-reading.ts';
import { type Machine, machineTitle } from '../machine/machine.ts';
import { UserError } from '../machine/user-error.ts';
import type { BootState } from '../memory/boot/boot-state.ts';
import type { MemoryView } from '../memory/memory-view.ts';
import { explainWordsIn } from '../messages/explain-words.ts';
import { english, phrase, type Text } from '../phrases/phrase.ts';
import { sayIn } from '../phrases/say.ts';
import { chosenStart } from './chosen-start.ts';
import type { CommandLine } from './flags.ts';
import { fold } from './fold.ts';
import type { Io } from './io.ts';
import { chosenLanguage } from './language.ts';
import { assumptionReport } from './log-report.ts';
import { chosenBoard, chosenMachine } from './machine-flags.ts';
import { STATUS } from './status.ts';

/**
 * `highmem explain ADDRESS|ROW|SYMBOL`: why it lies there, and what lies there, on a kernel that has just booted or on the
 * board that `--from` names.
 */
export const explainMode = async ({ files, flags }: CommandLine, io: Io): Promise<number> => {
	const [what, extra] = files;
	if (what === undefined || extra !== undefined) {
		const usage = phrase('{first} or {second}', {
			first: 'highmem explain 0xc0000000',
			second: 'highmem explain high_memory',
		});
		throw new UserError('explains one address, row or symbol', extra ?? 'explain', usage);
	}
	const board = chosenBoard(flags, io);
	const machine = chosenMachine(flags, io, board);
	const words = explainWordsIn(chosenLanguage(flags, io.env));
	const { bootState, notes } = await chosenStart(flags, io, board, machine);
	const explanation = explain(machine, what, bootState && (await liveMemory(machine, bootState)));
	const text = flags.json
		? JSON.stringify(
				{
					...explanationJson(machine, explanation, explainWordsIn('en')),
					...(board && readJson({ ...board.log, notes })),
				},
				undefined,
				2,
			)
		: explanationLines(explanation, words)
				.flatMap(line => fold(line, io.columns))
				.join('\n');
	io.out(`${text}\n`);
	const { bootFailure } = computeLayout(machine);
	if (bootFailure !== undefined) {
		const note = words.compare.wouldNotBoot(words.say(machineTitle(machine)), words.say(bootFailure));
		io.err(`${words.say(phrase('note: {note}', { note }))}\n`);
	}
	if (board && !flags.json) {
		const say = await sayIn(chosenLanguage(flags, io.env));
		io.err(
			assumptionReport(
				{ ...board.log, notes: [...notes, ...(bootState?.vmallocAreas ? [CHOSEN] : [])] },
				say,
				board.proc === undefined,
			),
		);
	}
	return STATUS.done;
};

const CHOSEN: Text = 'which pages and page tables the areas have is chosen; /proc does not tell';

/** A kernel in the state of the board; loaded only where there is one. */
const liveMemory = async (machine: Machine, state: BootState): Promise<MemoryView> =>
	(await import('../memory/kernel.ts')).Kernel.boot(machine, state).view;

/** What was read and what was assumed. */
const readJson = ({ assumptions, notes }: LogReading): object => ({
	assumptions: assumptions.map(assumption => ({ ...assumption, reason: english(assumption.reason) })),
	notes: notes.map(english),
});
