import { readdirSync, readFileSync } from 'node:fs';
import { fitReading } from '../../../source/layout/from-log/fit-log.ts';
import { BootFinder } from '../../../source/machine/boot-log/boot-finder.ts';
import type { LogReading } from '../../../source/machine/boot-log/log-reading.ts';
import { type BoardReading, type BoardSource, readBoard } from '../../../source/machine/proc/read-board.ts';

const folder = (name: string): URL => new URL(`../../fixtures/boards/${name}/`, import.meta.url);

/** The files of a board in test/fixtures/boards, by their names. */
export const boardFiles = (name: string): Readonly<Record<string, string>> =>
	Object.fromEntries(readdirSync(folder(name)).map(file => [file, readFileSync(new URL(file, folder(name)), 'utf8')]));

/** A text of test/fixtures/boards. */
export const boardText = (file: string): string =>
	readFileSync(new URL(`../../fixtures/boards/${file}`, import.meta.url), 'utf8');

export const source = (name: string, text: string): BoardSource => {
	const finder = new BootFinder();
	finder.push(new TextEncoder().encode(text));
	return { name, text, boot: finder.finish(), boots: finder.boots };
};

/** Read files as `--from` does, and fit the machine. */
export const readFiles = (
	files: Readonly<Record<string, string>>,
): Omit<BoardReading, 'log'> & { readonly log: LogReading } => {
	const board = readBoard(Object.entries(files).map(([name, text]) => source(name, text)));
	return { ...board, log: fitReading(board.log) };
};
