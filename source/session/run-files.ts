import type { Machine } from '../machine/machine.ts';
import { UserError } from '../machine/user-error.ts';
import type { BootState } from '../memory/boot/boot-state.ts';
import { formatLogLine } from '../memory/context.ts';
import { asPhrase, english, phrase, type Text } from '../phrases/phrase.ts';
import { parseScenario } from '../scenario/parse-scenario.ts';
import { ScenarioPlayer } from '../scenario/scenario-player.ts';
import { refuseBinary } from '../scenario/yaml-file.ts';
import { eventJson } from './event-json.ts';
import { Session } from './session.ts';

export interface RunOptions {
	/** The machine for modules, and for scenarios in place of their own when `isMachineForced`. */
	readonly machine: Machine;
	/** The user named the machine: scenarios play on it too. @default false */
	readonly isMachineForced?: boolean;
	/** Where modules start from, and scenarios that give no boot state of their own. @default a clean boot */
	readonly bootState?: BootState | undefined;
	/** @throws {UserError} when the file cannot be read. */
	readonly readFile: (path: string) => string;
	/** One JSON object a line in place of the kernel log. @default false */
	readonly isJson?: boolean;
	/** Takes each line of output as it comes, without its line end. */
	readonly print: (line: string) => void;
	/** Takes each failure, one line in plain words. */
	readonly complain: (line: Text) => void;
}

export interface RunResult {
	readonly ok: boolean;
	/** Exit status: 0, or 1 when an expectation failed, a module could not be loaded or the simulated kernel oopsed. */
	readonly status: 0 | 1;
	readonly failures: readonly Text[];
}

/**
 * Run scenarios (.yaml) and kernel modules (.c) without a screen, in the order given, printing the kernel log as dmesg
 * does. All modules are loaded into one kernel, one after another; each scenario has a kernel of its own.
 * @throws {UserError} for input that cannot be read or is not valid.
 */
export const runFiles = async (files: readonly string[], options: RunOptions): Promise<RunResult> => {
	if (files.length === 0) throw new UserError('no file to run', 'run', 'highmem run FILE.c or FILE.yaml');
	const inputs = files.map(path => ({ path, text: readText(path, options) }));
	const failures: Text[] = [];
	let modules: Session | undefined;
	for (const { path, text } of inputs) {
		if (path.endsWith('.c')) {
			modules ??= await openSession(options.machine, options.bootState, options);
			failures.push(...insmod(modules, path), ...letThreadsGoOn(modules));
		} else {
			failures.push(...(await play(path, text, options)));
		}
	}
	for (const failure of failures) options.complain(failure);
	const ok = failures.length === 0;
	if (options.isJson) options.print(JSON.stringify({ type: 'result', ok, failures: failures.map(english) }));
	return { ok, status: ok ? 0 : 1, failures };
};

const readText = (path: string, { readFile }: RunOptions): string => {
	if (!/\.(?:c|ya?ml)$/.test(path)) {
		throw new UserError('cannot be run', path, 'a scenario ends in .yaml, a kernel module in .c');
	}
	const text = readFile(path);
	refuseBinary(text, path);
	return text;
};

/** A session whose kernel log, or whose events, are printed as they come. */
const openSession = async (
	machine: Machine,
	bootState: BootState | undefined,
	{ readFile, isJson, print }: RunOptions,
): Promise<Session> => {
	const session = await Session.open({ machine, bootState, readFile });
	session.onEvent(event => {
		if (isJson) print(eventJson(event));
		else if (event.type === 'log') print(formatLogLine({ timeNs: event.time, text: event.text }));
	});
	return session;
};

const insmod = (session: Session, path: string): readonly Text[] => {
	const outcome = session.execute(`insmod ${path}`);
	switch (outcome.kind) {
		case 'error':
			throw outcome.error;
		case 'fault':
			return [
				phrase('{path}: {message} ({reason})', { path, message: outcome.message, reason: asPhrase(outcome.reason) }),
			];
		case 'sleeping':
			return [phrase('{path}: its init function sleeps on {on}', { path, on: outcome.on })];
		case 'done':
			return outcome.value === undefined || outcome.value === '0'
				? []
				: [phrase('{path}: its init function returned {value}', { path, value: outcome.value })];
		case 'request':
			return [];
	}
};

/** What a module has set going for later, its timers, work and threads, is a part of its run. */
const letThreadsGoOn = (session: Session): readonly Text[] => {
	const isWaiting = [...session.view.tasks.values()].some(({ wakesAtNs }) => wakesAtNs !== undefined);
	if (!isWaiting) return [];
	const outcome = session.execute(`ssleep(${SECONDS_AFTER})`);
	return outcome.kind === 'fault'
		? [phrase('{message} ({reason})', { message: outcome.message, reason: asPhrase(outcome.reason) })]
		: [];
};

/** How long a run goes on for what sleeps on a timer. */
const SECONDS_AFTER = 10;

const play = async (path: string, text: string, options: RunOptions): Promise<readonly Text[]> => {
	const scenario = parseScenario(text, path);
	const machine = options.isMachineForced ? options.machine : scenario.machine;
	const session = await openSession(machine, scenario.bootState ?? options.bootState, options);
	const player = new ScenarioPlayer(session, scenario);
	const failures: Text[] = [];
	while (player.next()) failures.push(...(player.result?.failures ?? []));
	return failures;
};
