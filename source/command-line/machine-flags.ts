import { MACHINE_CHANGES, machineFromFlags, machineWithFlags } from '../machine/from-flags.ts';
import { KernelConfig } from '../machine/kernel-config/kernel-config.ts';
import type { Machine } from '../machine/machine.ts';
import { UserError } from '../machine/user-error.ts';
import type { Flags } from './flags.ts';
import { gunzip, isGzip } from './gzip.ts';
import type { Io } from './io.ts';
import { type Board, readLog } from './read-log.ts';

const PICKED = ['machine', ...MACHINE_CHANGES] as const;

/** The flags that choose a machine and change it, without those that name files. */
const picked = (flags: Flags) =>
	Object.fromEntries(PICKED.map(name => [name, flags[name]])) as Pick<Flags, (typeof PICKED)[number]>;

/** The machine that the command line describes: a log's or a ready-made one, changed by flags. @throws {UserError} */
export const chosenMachine = (flags: Flags, io: Io, board = chosenBoard(flags, io)): Machine => {
	const changes = { ...picked(flags), config: readConfig(flags, io) };
	if (!board) return machineFromFlags(changes);
	const isChanged = Object.values(changes).some(value => value !== undefined);
	return isChanged ? machineWithFlags(board.log.machine, changes) : board.log.machine;
};

/** The board of `--from`. @throws {UserError} */
export const chosenBoard = (flags: Flags, io: Io): Board | undefined => {
	const { from, machine, arch } = flags;
	if (from === undefined) return undefined;
	if (machine !== undefined)
		throw new UserError('a log is a machine of its own', '--machine', 'leave it or --from out');
	if (arch !== undefined) throw new UserError('a log says its own architecture', '--arch', 'leave it or --from out');
	return readLog(from, io);
};

/** Whether any flag says something about the machine, so that a scenario's own machine gives way to it. */
export const isMachineChosen = (flags: Flags): boolean =>
	flags.from !== undefined ||
	flags.config !== undefined ||
	Object.values(picked(flags)).some(value => value !== undefined);

/** The largest .config there is has some 500 kB. */
const MOST_CONFIG_BYTES = 16 << 20;

/** The .config of `--config`, packed as /proc/config.gz or not. @throws {UserError} */
const readConfig = ({ config }: Flags, io: Io): KernelConfig | undefined => {
	if (config === undefined) return undefined;
	const bytes = io.readFile(config);
	return new KernelConfig((isGzip(bytes) ? unpacked(bytes, config) : bytes).toString(), config);
};

const unpacked = (bytes: Buffer, path: string): Buffer => {
	try {
		return gunzip(bytes, { mostBytes: MOST_CONFIG_BYTES });
	} catch {
		throw new UserError('cannot be unpacked', path, 'a damaged or too large gzip file');
	}
};
