import { MiB } from '../../machine/address.ts';
import type { Assumption, LogReading } from '../../machine/boot-log/log-reading.ts';
import { withSplit } from '../../machine/changes.ts';
import type { Machine, Split } from '../../machine/machine.ts';
import type { Text } from '../../phrases/phrase.ts';
import { computeLayout } from '../compute-layout.ts';

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
	reading: LogReading,
	splits: readonly Split[],
	agrees: (candidate: Machine) => boolean,
	reason: Text,
): Fitted<Machine> => {
	const { facts } = reading;
	if (facts.addresses.length > 0) return { machine, assumptions: [] };
	if (agrees(machine)) {
		// A log that names no address is not thought to prove the usual split; VmallocTotal does.
		const place = facts.vmallocBytes?.line;
		if (place === undefined || !agreesWithVmallocTotal(machine, reading)) return { machine, assumptions: [] };
		return { machine, assumptions: [{ what: 'split', value: machine.split, reason, line: place }] };
	}
	const split = splits.find(candidate => agrees(withSplit(machine, candidate)));
	if (split === undefined) return { machine, assumptions: [] };
	const line = (facts.vmallocBytes ?? facts.lowmemMb ?? facts.memory)?.line;
	const assumption: Assumption = { what: 'split', value: split, reason, ...(line === undefined ? {} : { line }) };
	return { machine: withSplit(machine, split), assumptions: [assumption] };
};

/** Build options move VMALLOC_END by some megabytes, a split by hundreds. */
const VMALLOC_SLACK = 64 * MiB;

/** Whether nothing tells the split but how long vmalloc space is: all RAM is lowmem. */
export const isVmallocTotalNeeded = ({ facts }: LogReading): boolean =>
	facts.vmallocBytes !== undefined && facts.addresses.length === 0 && (facts.memory?.value.highmemKb ?? 0) === 0;

/** Whether vmalloc space is about as long as /proc/meminfo says. */
export const agreesWithVmallocTotal = (candidate: Machine, { facts }: LogReading): boolean => {
	const { vmallocStart, vmallocEnd } = computeLayout(candidate);
	return Math.abs(vmallocEnd - vmallocStart - (facts.vmallocBytes?.value ?? 0)) < VMALLOC_SLACK;
};
