import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import { checkMachine } from '../machine/check-machine.ts';
import type { Machine } from '../machine/machine.ts';
import { findMachine, MACHINES } from '../machine/machines.ts';
import { parseRam } from '../machine/ram-flag.ts';
import { ramText, sizeFlag } from '../machine/ram-text.ts';
import { parseSize } from '../machine/size.ts';
import { supportedKernel } from '../machine/supported-kernel.ts';
import { UserError } from '../machine/user-error.ts';
import { phrase } from '../phrases/phrase.ts';
import { MACHINE_FIELDS, MACHINE_GROUPS } from './machine-fields.ts';
import { type Fields, isFields, renamed, spelled, unspelled } from './spelling.ts';
import type { Locate } from './yaml-file.ts';
import { TEXT } from './yaml-values.ts';

/** `machine:` of a scenario: an id, or the id of the machine that it is like together with what is otherwise. */
export const machineSchema = v.lazy((input): v.GenericSchema<unknown, string | (Fields & { like: string })> => {
	if (!isFields(input)) return TEXT;
	const like = MACHINES.find(({ id }) => id === input.like);
	return like ? v.strictObject({ like: TEXT, ...MACHINE_FIELDS[like.arch].entries }) : v.looseObject({ like: TEXT });
});

/** What `machineSchema` reads. */
export type MachineFile = v.InferOutput<typeof machineSchema>;

/**
 * The machine that a file describes.
 * @throws {UserError} at the place of what no machine is or has.
 */
export const machineOfFile = (file: MachineFile, at: Locate): Machine => {
	if (typeof file === 'string') return findMachine(file, at(['machine']));
	const { like, ...given } = file;
	const base = findMachine(like, at(['machine', 'like']));
	const changes = renamed(given, unspelled);
	const needed = Object.keys(changes).find(name => changes[name] === null && isNeeded(name, base));
	if (needed !== undefined) {
		throw new UserError('every machine has this', at(['machine', spelled(needed)]), 'leave the line out');
	}
	const usual: Pick<Machine, 'id' | 'title' | 'origin'> = { id: 'custom', title: base.title, origin: 'changed' };
	const read = placing(at);
	const { kernel } = changes;
	const machine = applied(
		{ ...base, ...usual },
		{
			...changes,
			...(typeof kernel === 'string' && { kernel: read('kernel', where => supportedKernel(kernel, where)) }),
			...('ram' in changes && { ram: read('ram', () => parseRam(String(changes.ram), base)) }),
			...('parameters' in changes && { parameters: read('parameters', where => bytesOf(changes.parameters, where)) }),
		},
	) as unknown as Machine;
	read(undefined, () => checkMachine(machine, {}));
	const { cpusOnline: cpus, nrCpus } = machine;
	if (cpus > nrCpus) {
		throw new UserError(phrase('{cpus} CPUs, but the kernel is built for {nrCpus}', { cpus, nrCpus }), at(['machine']));
	}
	return machine;
};

/** A machine as `machineOfFile` reads it: like the ready-made one from which it differs least. */
export const fileOfMachine = (machine: Machine): MachineFile => {
	const own = MACHINES.find(({ id }) => id === machine.id);
	if (own && isDeepStrictEqual(own, machine)) return own.id;
	const candidates = MACHINES.filter(({ arch }) => arch === machine.arch).map(({ id }) => ({
		like: id,
		changes: changesBetween(machineOfFile({ like: id }, () => '') as unknown as Fields, machine as unknown as Fields),
	}));
	const size = (changes: Fields): number => JSON.stringify(changes).length;
	const [nearest] = candidates.sort((a, b) => size(a.changes) - size(b.changes));
	if (!nearest) throw new RangeError(`there is no ready-made ${machine.arch} machine`);
	const { like, changes } = nearest;
	return {
		like,
		...renamed(
			{
				...changes,
				...('kernel' in changes && { kernel: kernelText(machine) ?? machine.kernel }),
				...('ram' in changes && { ram: ramText(machine) }),
				...('parameters' in changes && { parameters: sizesOf(changes.parameters) }),
			},
			spelled,
		),
	};
};

/** The release, where it alone says which kernel that is. */
const kernelText = ({ kernel }: Machine): string | undefined => {
	try {
		return isDeepStrictEqual(supportedKernel(kernel.text, ''), kernel) ? kernel.text : undefined;
	} catch (error) {
		if (error instanceof UserError) return undefined;
		throw error;
	}
};

/** Whether no machine of the architecture lacks it. */
const isNeeded = (name: string, { arch }: Machine): boolean =>
	MACHINES.every(machine => machine.arch !== arch || name in machine);

/** The machine's own checks speak of flags; here it is a line of the file that is wrong. */
const placing =
	(at: Locate) =>
	<T>(field: string | undefined, read: (where: string) => T): T => {
		const where = at(field === undefined ? ['machine'] : ['machine', field]);
		try {
			return read(where);
		} catch (error) {
			throw error instanceof UserError ? new UserError(error.text, where, error.hint) : error;
		}
	};

const bytesOf = (parameters: unknown, where: string): unknown =>
	isFields(parameters)
		? mapped(parameters, value => (typeof value === 'string' ? parseSize(value, where) : value))
		: parameters;

const sizesOf = (parameters: unknown): unknown =>
	isFields(parameters)
		? mapped(parameters, value => (typeof value === 'number' ? sizeFlag(value) : value))
		: parameters;

const mapped = (fields: Fields, change: (value: unknown) => unknown): Fields =>
	Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, change(value)]));

const applied = (base: Fields, changes: Fields): Fields => {
	const changed = Object.entries(changes).map(([name, value]): [string, unknown] => {
		const before = base[name];
		return [name, MACHINE_GROUPS.has(name) && isFields(value) ? applied(isFields(before) ? before : {}, value) : value];
	});
	const all = { ...base, ...Object.fromEntries(changed) };
	return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
};

/** What `applied` needs to make the one of the other. */
const changesBetween = (before: Fields, after: Fields): Fields => {
	const names = [...new Set([...Object.keys(after), ...Object.keys(before)])];
	return Object.fromEntries(
		names.flatMap((name): [string, unknown][] => {
			const [old, now] = [before[name], after[name]];
			if (isDeepStrictEqual(old, now)) return [];
			const isGroup = MACHINE_GROUPS.has(name) && isFields(old) && isFields(now);
			return [[name, isGroup ? changesBetween(old, now) : (now ?? null)]];
		}),
	);
};
