import { UserError } from '../machine/user-error.ts';
import type { PlainPhrase } from '../phrases/phrase.ts';

/** Why a line failed that is a command of a shell; undefined for others. */
export const shellCommand = (line: string): UserError | undefined => {
	const place = SHELL_COMMANDS.get(/^[a-z]+(?: \/proc\/\w+)?/.exec(line.trim())?.[0] ?? '');
	return place === undefined ? undefined : new UserError('this is no shell of Linux', undefined, place);
};

/** What people type at a real machine, and where its answer is here. */
const SHELL_COMMANDS: ReadonlyMap<string, PlainPhrase> = new Map([
	['dmesg', 'the kernel log is a panel'],
	['free', 'the zones have a panel; nr_free_pages() counts'],
	['cat /proc/meminfo', 'the zones have a panel; nr_free_pages() counts'],
	['cat /proc/buddyinfo', 'the zones have a panel; nr_free_pages() counts'],
	['cat /proc/zoneinfo', 'the zones have a panel; nr_free_pages() counts'],
	['cat /proc/vmallocinfo', 'the vmalloc areas have a panel'],
	['cat /proc/slabinfo', 'the slab caches have a panel'],
	['lsmod', 'rmmod and Tab show which modules there are'],
	['ps', 'the tasks have a panel'],
	['top', 'the tasks have a panel'],
	['ls', 'insmod FILE.c loads a module, help shows the words'],
	['cat', 'insmod FILE.c loads a module, help shows the words'],
]);
