import type { LogLine } from '../boot-log/log-lines.ts';
import type { LineReader } from './line-reader.ts';
import type { ProcFacts } from './proc-facts.ts';

const ROW = /^Node (\d{1,4}), zone {1,10}(DMA|DMA32|Normal|HighMem|Movable)((?: {1,20}\d{1,9}){10,16})$/;
const BEGINNING = /^Node \d{1,4}, zone {1,10}(?:DMA|DMA32|Normal|HighMem|Movable) {1,20}\d/;

/** /proc/buddyinfo (mm/vmstat.c: frag_show_print): free blocks of each zone by order. */
export class BuddyinfoReader implements LineReader {
	take({ text, number: line }: LogLine, facts: ProcFacts): boolean {
		const match = ROW.exec(text);
		if (!match) {
			if (!BEGINNING.test(text)) return false;
			facts.damaged.push({ value: text, line });
			return true;
		}
		const zone = match[2] ?? '';
		if (zone === 'DMA32') facts.wide ??= { value: 'zone DMA32', line };
		const counts = (match[3] ?? '').trim().split(/ +/).map(Number);
		if (facts.buddy.some(({ value }) => value.zone === zone)) return true;
		facts.buddy.push({ value: { zone, counts }, line });
		return true;
	}
}
