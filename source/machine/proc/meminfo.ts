import type { LogLine } from '../boot-log/log-lines.ts';
import type { LineReader } from './line-reader.ts';
import type { ProcFacts } from './proc-facts.ts';

const ROW = /^([A-Z][A-Za-z0-9_()]{2,30}): {1,20}(\d{1,15}) kB$/;

/** A 32-bit kernel has less address space than this to print as VmallocTotal. */
const MOST_VMALLOC_KB = 4 * 1024 * 1024;

const WANTED: ReadonlySet<string> = new Set([
	'MemTotal',
	'MemFree',
	'HighTotal',
	'HighFree',
	'LowTotal',
	'LowFree',
	'VmallocTotal',
	'CmaTotal',
	'DirectMap4k',
	'DirectMap2M',
	'DirectMap4M',
]);

/** /proc/meminfo (fs/proc/meminfo.c). */
export class MeminfoReader implements LineReader {
	take({ text, number: line }: LogLine, facts: ProcFacts): boolean {
		const match = ROW.exec(text);
		if (!match) return false;
		const name = match[1] ?? '';
		const value = Number(match[2]);
		if (name === 'DirectMap1G') facts.wide ??= { value: name, line };
		if (name === 'VmallocTotal' && value > MOST_VMALLOC_KB) {
			facts.wide ??= { value: `VmallocTotal ${value} kB`, line };
		}
		if (WANTED.has(name) && !facts.meminfo.has(name)) facts.meminfo.set(name, { value, line });
		return true;
	}
}
