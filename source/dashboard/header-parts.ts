import type { Layout } from '../layout/layout.ts';
import { PAGE_SIZE } from '../machine/address.ts';
import { type Machine, machineName, machineTitle } from '../machine/machine.ts';
import type { Say } from '../phrases/phrase.ts';
import { bytesText } from './painting/bytes-text.ts';

/** Columns that the parts of the header have around and between them: a space before and behind each. */
const AROUND = 4;

/**
 * The left part of the header: as much of the program, the machine, its kernel, its RAM and its name as fits into `room`
 * columns. What matters least goes first.
 * @param displayWidth Columns that a text takes. The first screen, which may load nothing, counts characters.
 */
export const headerParts = (
	machine: Machine,
	layout: Layout,
	room: number,
	displayWidth: (text: string) => number,
	say: Say,
): readonly string[] => {
	const pages = layout.ramPages.reduce((sum, { startPfn, endPfn }) => sum + endPfn - startPfn, 0);
	const ram = bytesText(pages * PAGE_SIZE);
	const { major, minor, patch, text } = machine.kernel;
	const kernel = `Linux ${text} ${machine.arch}`;
	// Vendors add to a release what may fill half a row.
	const release = `Linux ${major}.${minor}.${patch} ${machine.arch}`;
	// A log without a board's name has no title beside its name.
	const name = say(machineName(machine));
	const title = say(machineTitle(machine));
	const choices = [
		...(name === title ? [] : [['highmem', name, kernel, ram, title]]),
		['highmem', name, kernel, ram],
		[name, kernel, ram],
		['highmem', machine.id, kernel, ram],
		[machine.id, kernel, ram],
		[machine.id, kernel],
		[machine.id, release, ram],
		[machine.id, release],
	];
	return choices.find(parts => displayWidth(parts.join('  ')) + AROUND <= room) ?? [machine.id];
};
