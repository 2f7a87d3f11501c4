import type { LogLine } from '../boot-log/log-lines.ts';
import { BuddyinfoReader } from './buddyinfo.ts';
import { CpuinfoReader } from './cpuinfo.ts';
import { IomemReader } from './iomem.ts';
import type { LineReader } from './line-reader.ts';
import { MeminfoReader } from './meminfo.ts';
import { noProcFacts, type ProcFacts } from './proc-facts.ts';
import { VmallocinfoReader } from './vmallocinfo.ts';
import { ZoneinfoReader } from './zoneinfo.ts';

/** What one text turned out to be. */
export interface TextVerdict {
	/** Lines that some reader took. */
	readonly taken: number;
	/** Lines that none did. */
	readonly left: number;
}

const VERSION = /^Linux version \d/;
/** A word that a kernel command line has; a file of one such line is /proc/cmdline. */
const COMMAND_LINE =
	/(?:^| )(?:(?:root|console|mem|vmalloc|highmem|cma|init|rootfstype|rootwait|earlycon|earlyprintk|panic|BOOT_IMAGE|androidboot\.\w{1,40}|ip|nfsroot|video)(?:=|$| )|(?:ro|rw|quiet|splash|nokaslr|debug)(?:$| ))/;

/**
 * Reads files of /proc by what stands in them, whatever their names are and however many of them one text holds.
 */
export class ProcReader {
	readonly facts: ProcFacts = noProcFacts();

	/** Read one text, a file or several of them one after the other. */
	read(lines: readonly LogLine[]): TextVerdict {
		if (lines.length === 1 && this.#readOnly(lines[0])) return { taken: 1, left: 0 };
		const readers: readonly LineReader[] = [
			new IomemReader(),
			new MeminfoReader(),
			new VmallocinfoReader(),
			new BuddyinfoReader(),
			new ZoneinfoReader(),
			new CpuinfoReader(),
		];
		let taken = 0;
		for (const line of lines) if (readers.some(reader => reader.take(line, this.facts))) taken++;
		return { taken, left: lines.length - taken };
	}

	/** A text that is known to be /proc/cmdline or /proc/version. */
	readNamed(name: 'cmdline' | 'version', [line]: readonly LogLine[]): void {
		if (!line) return;
		if (name === 'cmdline') this.facts.commandLine ??= { value: line.text, line: line.number };
		else if (VERSION.test(line.text)) this.facts.version ??= { value: line.text, line: line.number };
	}

	#readOnly(line: LogLine | undefined): boolean {
		if (!line) return false;
		const name = VERSION.test(line.text) ? 'version' : COMMAND_LINE.test(line.text) ? 'cmdline' : undefined;
		if (name === undefined || / : | kB$/.test(line.text)) return false;
		this.readNamed(name, [line]);
		return true;
	}
}
