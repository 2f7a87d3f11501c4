import type { LogLine } from '../boot-log/log-lines.ts';
import { compareKernels, parseKernelVersion } from '../kernel-version.ts';
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

/** Words that tell the age of a kernel whose release is not known. */
const SINCE: Readonly<Record<string, string>> = {
	MemAvailable: '3.14.0',
	CmaTotal: '3.19.0',
	Percpu: '4.19.0',
	KReclaimable: '4.20.0',
	Zswap: '5.19.0',
	SecPageTables: '6.1.0',
};

/** Whether a release comes after another one, or there is no other. */
export const isYounger = (release: string, than: string | undefined): boolean =>
	than === undefined || compareKernels(parseKernelVersion(release), parseKernelVersion(than)) > 0;

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
		const release = Object.hasOwn(SINCE, name) ? SINCE[name] : undefined;
		if (release !== undefined && isYounger(release, facts.dated?.value.release)) {
			facts.dated = { value: { release, word: name }, line };
		}
		if (WANTED.has(name) && !facts.meminfo.has(name)) facts.meminfo.set(name, { value, line });
		return true;
	}
}
