import * as v from 'valibot';
import { saying } from './yaml-file.ts';

/** Values that more than one kind of file holds. */

export const TEXT = v.pipe(v.string(saying('expected a text')), v.nonEmpty(saying('must not be empty')));

/** 0 or more. */
export const WHOLE = v.pipe(
	v.number(saying('expected a whole number')),
	v.integer(saying('expected a whole number')),
	v.minValue(0, saying('must be 0 or more')),
);

/** A virtual address. */
export const ADDRESS = v.pipe(
	v.number(saying('expected an address such as 0xf0800000')),
	v.integer(saying('expected an address such as 0xf0800000')),
	v.minValue(0, saying('must be 0 or more')),
	v.maxValue(0xffffffff, saying('an address has 32 bits')),
);
