import { computeLayout } from '../layout/compute-layout.ts';
import { checkLog } from '../layout/from-log/check-log.ts';
import { layoutJson } from '../layout/layout-json.ts';
import { machineJson } from '../layout/machine-json.ts';
import { machinesTable } from '../layout/machines-table.ts';
import { formatTable, layoutNote } from '../layout/table.ts';
import { MACHINES } from '../machine/machines.ts';
import { UserError } from '../machine/user-error.ts';
import { asPhrase, phrase, type Text } from '../phrases/phrase.ts';
import { sayIn } from '../phrases/say.ts';
import { boardJson, boardReport } from './board-report.ts';
import { boardState } from './board-state.ts';
import type { CommandLine } from './flags.ts';
import type { Io } from './io.ts';
import { chosenLanguage } from './language.ts';
import { logReport } from './log-report.ts';
import { chosenBoard, chosenMachine } from './machine-flags.ts';
import { STATUS } from './status.ts';

/** `highmem layout`: the mem_init table on standard output, what the kernel says beside it on standard error. */
export const layoutMode = async (line: CommandLine, io: Io): Promise<number> => {
	refuseFiles(line);
	const board = chosenBoard(line.flags, io);
	const machine = chosenMachine(line.flags, io, board);
	const layout = computeLayout(machine);
	const state = board && boardState(board, machine);
	const log = board && { ...board.log, notes: [...board.log.notes, ...(state?.notes ?? [])] };
	const checks = log && checkLog({ ...log, machine }, layout);
	if (line.flags.json) {
		const beside = board && state ? await boardJson(board, machine, state) : {};
		io.out(json({ ...layoutJson(machine, layout, log && { ...log, checks: checks ?? [] }), ...beside }));
		return STATUS.done;
	}
	const say = await sayIn(chosenLanguage(line.flags, io.env));
	const note = (text: Text): void => io.err(`${say(phrase('note: {note}', { note: asPhrase(text) }))}\n`);
	io.out(formatTable(layout));
	for (const message of layout.messages) io.err(`${message}\n`);
	const { bootFailure } = layout;
	if (bootFailure !== undefined) note(phrase('this kernel would not boot: {why}', { why: asPhrase(bootFailure) }));
	const formNote = layoutNote(machine, layout);
	if (formNote !== undefined) note(formNote);
	if (log && board && checks) {
		io.err(logReport(log, checks, say, board.proc === undefined));
		io.err(await boardReport(board, machine, state, say));
	}
	return STATUS.done;
};

/** `highmem machines`: the ready-made machines. */
export const machinesMode = async (line: CommandLine, io: Io): Promise<number> => {
	refuseFiles(line);
	const say = await sayIn(chosenLanguage(line.flags, io.env));
	io.out(line.flags.json ? json(MACHINES.map(machineJson)) : machinesTable(MACHINES, say));
	return STATUS.done;
};

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

const refuseFiles = ({ command, files: [file] }: CommandLine): void => {
	if (file !== undefined)
		throw new UserError(phrase('{command} takes no file', { command }), file, 'flags only, see highmem --help');
};
