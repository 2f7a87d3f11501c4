import { MACHINE_CHANGES } from '../machine/from-flags.ts';
import { UserError } from '../machine/user-error.ts';
import { phrase } from '../phrases/phrase.ts';
import { type Command, type CommandLine, type FLAGS, flagName } from './flags.ts';

export type FlagKey = keyof typeof FLAGS;

/** Flags that say which machine. */
export const MACHINE_FLAGS: readonly FlagKey[] = ['machine', 'from', ...MACHINE_CHANGES, 'config'];
export const SCREEN_FLAGS: readonly FlagKey[] = ['lang', 'ascii', 'color', 'background'];
const DATA_FLAGS: readonly FlagKey[] = ['json', 'lang'];

/** The flags that mean something in each mode, in the order of its help. */
export const MODE_FLAGS: Readonly<Record<Command, readonly FlagKey[]>> = {
	dashboard: [...MACHINE_FLAGS, 'bootState', 'resume', 'journal', ...SCREEN_FLAGS],
	layout: [...MACHINE_FLAGS, ...DATA_FLAGS],
	explain: [...MACHINE_FLAGS, ...DATA_FLAGS],
	compare: [...MACHINE_FLAGS, ...DATA_FLAGS],
	run: [...MACHINE_FLAGS, 'bootState', ...DATA_FLAGS],
	record: [...MACHINE_FLAGS, 'bootState', 'output', 'size', 'castVersion', 'lang', 'ascii', 'color'],
	collect: [],
	machines: DATA_FLAGS,
};

/** An alias with `--lang zh --no-color` in it must not make a mode fail that shows neither. */
const EVERYWHERE: readonly FlagKey[] = [...SCREEN_FLAGS, 'help', 'version'];

/** A flag that would change nothing was meant for something else. @throws {UserError} */
export const refuseForeignFlags = ({ command, flags }: CommandLine): void => {
	const own = MODE_FLAGS[command];
	// Without a terminal the dashboard is `layout` or `run`, which have --json.
	const beside = command === 'dashboard' ? [...EVERYWHERE, 'json'] : EVERYWHERE;
	const foreign = Object.keys(flags).find(key => !own.some(one => one === key) && !beside.includes(key as FlagKey));
	if (foreign === undefined) return;
	const mode = command === 'dashboard' ? 'highmem' : `highmem ${command}`;
	throw new UserError(
		phrase('means nothing to {mode}', { mode }),
		flagName(foreign),
		phrase('see {mode} --help', { mode }),
	);
};
