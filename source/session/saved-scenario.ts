import { splitModuleArgument } from '../kernel-c/interpreter.ts';
import { type Machine, machineName } from '../machine/machine.ts';
import { UserError } from '../machine/user-error.ts';
import type { BootState } from '../memory/boot/boot-state.ts';
import { english, phrase, type Say } from '../phrases/phrase.ts';
import type { Ending } from '../scenario/scenario.ts';
import { type DoneAct, writeScenario } from '../scenario/write-scenario.ts';
import { readCommand } from './explorer-words.ts';
import type { Act } from './outcome.ts';

export interface SavingOptions {
	/** A module's path as seen from the scenario's folder. */
	readonly fromScenario: (path: string) => string;
	/** Says the title in Chinese. */
	readonly chinese: Say;
}

/** What is needed of a session. */
export interface SavedSession {
	readonly machine: Machine;
	readonly bootState?: BootState | undefined;
	readonly history: readonly Act[];
	readonly step: number;
}

/**
 * What was done so far, without what was taken back, as a scenario that plays to the same state.
 * @throws {UserError} when nothing was done.
 */
export const savedScenario = (
	{ machine, bootState, history, step }: SavedSession,
	{ fromScenario, chinese }: SavingOptions,
): string => {
	if (step === 0) throw new UserError('nothing was done yet', undefined, 'a scenario has at least one step');
	const title = phrase('A session on {machine}', { machine: machineName(machine) });
	return writeScenario({
		title: { en: english(title), zh: chinese(title) },
		machine,
		bootState,
		acts: history.slice(0, step).map(act => doneAct(act, fromScenario)),
		comment: 'Edit the captions; under expect go C expressions that must not be 0 after the step.',
	});
};

const doneAct = ({ text, outcome }: Act, fromScenario: SavingOptions['fromScenario']): DoneAct => {
	const command = readCommand(text);
	const [path, parameters] = command.kind === 'insmod' ? splitModuleArgument(command.path) : [];
	return {
		text,
		ending: endingOf(outcome),
		module: path === undefined ? undefined : [fromScenario(path), parameters].filter(Boolean).join(' '),
	};
};

/** Only what ended in one of these ways is in the history. */
const endingOf = ({ kind }: Act['outcome']): Ending => (kind === 'fault' || kind === 'sleeping' ? kind : 'done');
