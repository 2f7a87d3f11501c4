import { UserError } from '../user-error.ts';
import { armMachineFromFacts } from './arm-machine.ts';
import { BootFinder, type BootText } from './boot-finder.ts';
import type { LogFacts } from './log-facts.ts';
import { logLines } from './log-lines.ts';
import { AssumptionList, type LogReading } from './log-reading.ts';
import { scanFacts } from './scan-facts.ts';
import { x86MachineFromFacts } from './x86-machine.ts';

/**
 * Read a boot log: dmesg, kern.log, a serial capture, with or without time stamps, quoted or wrapped by mail programs.
 * What is only inferred or assumed is listed.
 * @param where Name of the log, for errors.
 * @throws {UserError} when there is no boot of a 32-bit ARM or x86 kernel in it.
 */
export const readBootLog = (log: string | Uint8Array, where = 'log'): LogReading => {
	const finder = new BootFinder();
	finder.push(typeof log === 'string' ? new TextEncoder().encode(log) : log);
	return readBoot(finder.finish(), finder.boots, where);
};

/**
 * Read the boot that a finder kept.
 * @throws {UserError} as `readBootLog`.
 */
export const readBoot = (boot: BootText | undefined, boots: number, where: string): LogReading => {
	if (!boot) throw nothingFound(where);
	const facts = scanFacts(logLines(boot.text, boot.firstLine));
	const arch = architectureOf(facts, where);
	const list = new AssumptionList();
	const common = { facts, printedRows: facts.rows, messages: facts.messages, notes: notesOn(boot, boots, facts) };
	if (arch === 'x86') return { ...common, machine: x86MachineFromFacts(facts, list), assumptions: list.all };
	const found = armMachineFromFacts(facts, list);
	return { ...common, ...found, assumptions: list.all };
};

const nothingFound = (where: string): UserError =>
	new UserError(
		'no boot of a Linux kernel was found in it',
		where,
		'a log from "Linux version" to the line "Memory: ... available" is needed',
	);

const architectureOf = (facts: LogFacts, where: string): 'arm' | 'x86' => {
	const { wide, maxArchPfn, signs, heading } = facts;
	if (wide || (maxArchPfn && maxArchPfn.value > 0x10000000)) {
		const line = wide?.line ?? maxArchPfn?.line ?? 1;
		throw new UserError('is the log of a 64-bit kernel', `${where}:${line}`, 'highmem exists on 32-bit ARM and x86');
	}
	const arm = signs.arm + (heading?.value.startsWith('V') ? 1 : 0);
	const x86 = signs.x86 + (heading?.value.startsWith('v') ? 1 : 0);
	if (arm === 0 && x86 === 0) {
		if (facts.kernel === undefined && facts.memory === undefined) throw nothingFound(where);
		throw new UserError(
			'does not show whether the machine is ARM or x86',
			facts.kernel === undefined ? where : `${where}:${facts.kernel.line}`,
			'the lines after "Linux version" are needed',
		);
	}
	return x86 > arm ? 'x86' : 'arm';
};

const notesOn = (boot: BootText, boots: number, facts: LogFacts): string[] => {
	const notes: string[] = [];
	if (boots > 1) {
		const which = boot.isComplete ? 'the last complete one' : 'the last one, as none is complete';
		notes.push(`${boots} boots in the log; read: ${which}, number ${boot.ordinal}, from line ${boot.firstLine} on`);
	}
	if (boot.ordinal === 0) notes.push('the head of the log is missing: no "Linux version" line');
	if (!boot.isComplete) notes.push('the log ends before the kernel counts its memory');
	else if (facts.rows.length === 0) notes.push('no memory layout table in the log');
	return notes;
};
