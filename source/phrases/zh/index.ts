import { BOOT_LOG } from './boot-log.ts';
import { C_DATA } from './c-data.ts';
import { C_ERRORS } from './c-errors.ts';
import { C_LIBRARY } from './c-library.ts';
import { C_NAMES } from './c-names.ts';
import { COMMAND_LINE } from './command-line.ts';
import { GENERAL } from './general.ts';
import { MACHINE } from './machine.ts';
import { MEMORY } from './memory.ts';
import { SESSION } from './session.ts';

/** Every sentence in Chinese, by its English one. */
export const CHINESE = {
	...GENERAL,
	...COMMAND_LINE,
	...MACHINE,
	...BOOT_LOG,
	...MEMORY,
	...C_NAMES,
	...C_DATA,
	...C_LIBRARY,
	...C_ERRORS,
	...SESSION,
};

export type PhraseKey = keyof typeof CHINESE;
