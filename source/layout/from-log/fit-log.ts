import type { LogReading } from '../../machine/boot-log/log-reading.ts';
import { withPrintedSections } from '../../machine/boot-log/printed-sections.ts';
import { readBootLog } from '../../machine/boot-log/read-boot-log.ts';
import { fitArm } from './fit-arm.ts';
import { fitX86 } from './fit-x86.ts';

/**
 * Settle by the formulas what a log shows only in its effects: build options behind `mapped low ram`, the split of a
 * kernel that uses all its RAM, holes in RAM. Each is noted as an assumption. The printed table is not looked at.
 */
export const fitReading = (reading: LogReading): LogReading => {
	const { machine } = reading;
	const { machine: fitted, assumptions } = machine.arch === 'arm' ? fitArm(machine, reading) : fitX86(machine, reading);
	const placed = withPrintedSections(fitted, reading.facts);
	// What was settled is no assumption any more.
	const isSettled = (what: string): boolean => assumptions.some(one => one.what === what && one.line !== undefined);
	const open = reading.assumptions.filter(({ what, line }) => line !== undefined || !isSettled(what));
	return { ...reading, machine: placed, assumptions: [...open, ...assumptions] };
};

/**
 * The machine of a boot log, as good as the log allows.
 * @param where Name of the log, for errors.
 * @throws {UserError} when there is no boot of a 32-bit ARM or x86 kernel in it.
 */
export const machineFromLog = (log: string | Uint8Array, where = 'log'): LogReading =>
	fitReading(readBootLog(log, where));
