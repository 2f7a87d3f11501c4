import { phrase, type Text } from '../../phrases/phrase.ts';
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
	return readingOf(facts, notesOn(boot, boots, facts), where, line => `${where}:${line}`);
};

/**
 * Conclude a machine from facts.
 * @param lineText A place in the log as people write it.
 * @throws {UserError} as `readBootLog`.
 */
export const readingOf = (
	facts: LogFacts,
	notes: readonly Text[],
	where: string,
	lineText: (line: number) => string,
): LogReading => {
	const arch = architectureOf(facts, where, lineText);
	const list = new AssumptionList();
	const common = { facts, printedRows: facts.rows, messages: facts.messages, notes };
	if (arch === 'x86') return { ...common, machine: x86MachineFromFacts(facts, list), assumptions: list.all };
	const found = armMachineFromFacts(facts, list);
	return { ...common, ...found, assumptions: list.all };
};

/** The error for what is no log. */
export const nothingFound = (where: string): UserError =>
	new UserError(
		'no boot of a Linux kernel was found in it',
		where,
		'a log from "Linux version" to the line "Memory: ... available" is needed',
	);

const architectureOf = (facts: LogFacts, where: string, lineText: (line: number) => string): 'arm' | 'x86' => {
	const { wide, maxArchPfn, signs, heading } = facts;
	if (wide || (maxArchPfn && maxArchPfn.value > 0x10000000)) {
		const line = wide?.line ?? maxArchPfn?.line ?? 1;
		const sign = wide === undefined ? 'max_arch_pfn' : wide.value;
		const text = phrase('is of a 64-bit kernel: {sign}', { sign });
		throw new UserError(text, lineText(line), 'highmem exists on 32-bit ARM and x86');
	}
	const arm = signs.arm + (heading?.value.startsWith('V') ? 1 : 0);
	const x86 = signs.x86 + (heading?.value.startsWith('v') ? 1 : 0);
	if (arm === 0 && x86 === 0) {
		if (facts.kernel === undefined && facts.memory === undefined) throw nothingFound(where);
		throw new UserError(
			'does not show whether the machine is ARM or x86',
			facts.kernel === undefined ? where : lineText(facts.kernel.line),
			'the lines after "Linux version" are needed',
		);
	}
	return x86 > arm ? 'x86' : 'arm';
};

/** What is to be said of the log itself. */
export const notesOn = (boot: BootText, boots: number, facts: LogFacts): Text[] => {
	const notes: Text[] = [];
	if (boots > 1) {
		const which = phrase(boot.isComplete ? 'the last complete one' : 'the last one, as none is complete');
		const { ordinal: number, firstLine: line } = boot;
		notes.push(
			phrase('{boots} boots in the log; read: {which}, number {number}, from line {line} on', {
				boots,
				which,
				number,
				line,
			}),
		);
	}
	if (boot.ordinal === 0) notes.push('the head of the log is missing: no "Linux version" line');
	if (!boot.isComplete) notes.push('the log ends before the kernel counts its memory');
	else if (facts.rows.length === 0) notes.push('no memory layout table in the log');
	return notes;
};
