import { UserError } from '../machine/user-error.ts';
import { phrase } from '../phrases/phrase.ts';
import type { Placed } from './scenario.ts';

/** A mistake in C that a scenario holds, at its own line and column of the file. */
export const placedError = ({ text, where }: Placed, error: UserError): UserError => {
	const outer = /^(.*):(\d+):(\d+)$/.exec(where);
	const inner = /^(\d+):(\d+)$/.exec(error.where ?? '');
	if (!outer || !inner) return new UserError(phrase('in "{text}": {line}', { text, line: error.whole }), where);
	const [, file = '', line, column] = outer;
	const [, row, at] = inner;
	// Every line of a block is indented as its first one is.
	const place = `${file}:${Number(line) + Number(row) - 1}:${Number(column) + Number(at) - 1}`;
	return new UserError(error.text, place, error.hint);
};
