import type { Architecture, Machine } from '../machine/machine.ts';
import { phrase, type Text } from '../phrases/phrase.ts';
import type { Layout } from './layout.ts';

/** The table as the kernel prints it: heading and rows, each line ended. */
export const formatTable = (layout: Layout): string =>
	[layout.heading, ...layout.rows.map(row => row.text)].map(line => `${line}\n`).join('');

/** The last release of each architecture whose form of the table is used for newer ones. */
const LAST_FORM: Readonly<Record<Architecture, string>> = { arm: '5.0', x86: '5.6' };
/** The first release that has a table. */
const FIRST_FORM: Readonly<Record<Architecture, string>> = { arm: '2.6.35', x86: '2.6.24' };

/** One line about a kernel that prints no such table: whose form it is shown in. */
export const layoutNote = (machine: Machine, layout: Layout): Text | undefined => {
	if (layout.isPrinted) return undefined;
	const isOld = machine.kernel.major === 2;
	const form = (isOld ? FIRST_FORM : LAST_FORM)[machine.arch];
	const kernel = machine.kernel.text;
	return isOld
		? phrase('kernel {kernel} does not print this table yet; shown in the form of {form}', { kernel, form })
		: phrase('kernel {kernel} no longer prints this table; shown in the form of {form}', { kernel, form });
};
