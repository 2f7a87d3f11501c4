import type { ImageRanges } from '../boot-log/log-facts.ts';
import type { LogLine } from '../boot-log/log-lines.ts';
import type { LineReader } from './line-reader.ts';
import { MOST_ROWS } from './line-reader.ts';
import type { ProcFacts } from './proc-facts.ts';

const ROW = /^([0-9a-f]{8,16})-([0-9a-f]{8,16}) : (.{1,120})$/;
const PC_WORDS = /^(?:System ROM|Video ROM|Video RAM area|Local APIC|IOAPIC \d|PCI Bus 0000:00|HPET \d)/;

/** 64 GiB, the most that PAE reaches; LPAE's 1 TiB is never filled with RAM. */
const MOST_RAM = 2 ** 36;

const IMAGE: Readonly<Record<string, keyof ImageRanges>> = {
	'Kernel code': 'code',
	'Kernel text': 'code',
	'Kernel rodata': 'rodata',
	'Kernel data': 'data',
	'Kernel bss': 'bss',
};

/** /proc/iomem (kernel/resource.c: r_show): RAM, and the kernel's image in it. */
export class IomemReader implements LineReader {
	#rows = 0;

	take({ text, number: line }: LogLine, facts: ProcFacts): boolean {
		const match = ROW.exec(text);
		if (!match) return false;
		if (++this.#rows > MOST_ROWS) return true;
		const start = Number.parseInt(match[1] ?? '', 16);
		const end = Number.parseInt(match[2] ?? '', 16) + 1;
		const name = (match[3] ?? '').trim();
		if (PC_WORDS.test(name)) facts.pcWords ??= { value: name, line };
		const part = Object.hasOwn(IMAGE, name) ? IMAGE[name] : undefined;
		const isRam = name === 'System RAM';
		if (!isRam && part === undefined) return true;
		if (end <= 1) {
			facts.hiddenIomem ??= { value: 0, line };
			return true;
		}
		if (end <= start || !Number.isSafeInteger(end)) {
			facts.damaged.push({ value: text, line });
			return true;
		}
		if (end > MOST_RAM) facts.wide ??= { value: `${name} up to 0x${(end - 1).toString(16)}`, line };
		if (isRam) addBank(facts, start, end, line);
		else if (part !== undefined) {
			facts.image ??= { value: {}, line };
			facts.image.value[part] ??= { start, end };
		}
		return true;
	}
}

/** Banks that touch are one. */
const addBank = ({ ram, damaged }: ProcFacts, start: number, end: number, line: number): void => {
	const before = ram.at(-1);
	if (before && start < before.value.end) {
		// The same file may be given twice; anything else is damage.
		if (!ram.some(({ value }) => value.start <= start && value.end >= end))
			damaged.push({ value: 'RAM that overlaps', line });
	} else if (before && start === before.value.end) {
		ram[ram.length - 1] = { value: { start: before.value.start, end }, line: before.line };
	} else ram.push({ value: { start, end }, line });
};
