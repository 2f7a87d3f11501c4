import { printable, UserError } from '../machine/user-error.ts';
import { phrase, verbatim } from '../phrases/phrase.ts';
import { sayIn } from '../phrases/say.ts';
import type { CastVersion } from '../recording/asciicast-writer.ts';
import { parseScenario } from '../scenario/parse-scenario.ts';
import { Session } from '../session/session.ts';
import type { ScreenSize } from '../terminal/screen-diff.ts';
import type { CommandLine } from './flags.ts';
import type { Io } from './io.ts';
import { chosenLanguage } from './language.ts';
import { chosenBoard, chosenMachine, isMachineChosen } from './machine-flags.ts';
import { startState } from './start-state.ts';
import { STATUS } from './status.ts';

const LARGEST: ScreenSize = { columns: 500, rows: 200 };

/** `highmem record FILE -o OUT.cast`: an asciicast of the dashboard playing a scenario. */
export const recordMode = async ({ files, flags }: CommandLine, io: Io): Promise<number> => {
	const [file, extra] = files;
	if (file === undefined || extra !== undefined) {
		throw new UserError('takes one scenario', extra ?? 'record', verbatim('highmem record FILE.yaml -o OUT.cast'));
	}
	if (flags.output === undefined) throw new UserError('no file to write', '--output', verbatim('-o OUT.cast'));
	const size = flags.size === undefined ? undefined : parseScreenSize(flags.size);
	const version = parseCastVersion(flags.castVersion);
	const language = chosenLanguage(flags, io.env);
	const scenario = parseScenario(io.readFile(file).toString(), file);
	const board = chosenBoard(flags, io);
	const machine = isMachineChosen(flags) ? chosenMachine(flags, io, board) : scenario.machine;
	const { bootState } = startState(flags, io, board, machine);
	const session = await Session.open({
		machine,
		bootState: bootState ?? scenario.bootState,
		readFile: path => io.readFile(path).toString(),
	});
	const { recordScenario } = await import('../recording/record-scenario.ts');
	const { cast, failures } = await recordScenario({
		session,
		scenario,
		size,
		language,
		version,
		theme: { colorLevel: flags.color === false ? 0 : 2, isUnicode: flags.ascii !== true },
	});
	io.writeFile(flags.output, cast);
	const say = await sayIn(language);
	for (const failure of failures) io.err(`${printable(say(failure))}\n`);
	return failures.length === 0 ? STATUS.done : STATUS.failed;
};

const parseCastVersion = (text = '2'): CastVersion => {
	if (text === '2') return 2;
	if (text === '3') return 3;
	throw new UserError(phrase('"{text}" is no version of asciicast', { text }), '--cast-version', verbatim('2, 3'));
};

const parseScreenSize = (text: string): ScreenSize => {
	const [, columns, rows] = /^(\d{1,4})x(\d{1,4})$/i.exec(text) ?? [];
	const size = { columns: Number(columns), rows: Number(rows) };
	const isFit = size.columns >= 60 && size.rows >= 16 && size.columns <= LARGEST.columns && size.rows <= LARGEST.rows;
	if (!isFit)
		throw new UserError(phrase('"{text}" is no size', { text }), '--size', '60x16 to 500x200, for example 100x30');
	return size;
};
