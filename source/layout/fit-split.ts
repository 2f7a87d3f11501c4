import type { Assumption, LogReading } from '../machine/boot-log/log-reading.ts';
import { withSplit } from '../machine/changes.ts';
import type { Machine, Split } from '../machine/machine.ts';

/** A machine with what was inferred to get there. */
export interface Fitted<M extends Machine> {
	readonly machine: M;
	readonly assumptions: readonly Assumption[];
}

/**
 * A log without any kernel address: the usual split, unless `agrees` refuses it and accepts another.
 * @param reason What the log shows that only this split gives.
 */
export const fitSplit = (
	machine: Machine,
	{ facts }: LogReading,
	splits: readonly Split[],
	agrees: (candidate: Machine) => boolean,
	reason: string,
): Fitted<Machine> => {
	if (facts.addresses.length > 0 || agrees(machine)) return { machine, assumptions: [] };
	const split = splits.find(candidate => agrees(withSplit(machine, candidate)));
	if (split === undefined) return { machine, assumptions: [] };
	const line = (facts.lowmemMb ?? facts.memory)?.line;
	const assumption = { what: 'split', value: split, reason, ...(line === undefined ? {} : { line }) };
	return { machine: withSplit(machine, split), assumptions: [assumption] };
};
