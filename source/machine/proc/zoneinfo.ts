import type { LogLine } from '../boot-log/log-lines.ts';
import type { LineReader } from './line-reader.ts';
import type { ProcFacts, ZoneState } from './proc-facts.ts';

const HEAD = /^Node (\d{1,4}), zone {1,10}(DMA|DMA32|Normal|HighMem|Movable|Device)$/;
const NUMBER = /^(?:pages )?(free|min|low|high|spanned|present|managed|nr_free_cma) {1,20}(\d{1,12})$/;
const START = /^start_pfn: {1,20}(\d{1,12})$/;
const SET = /^(cpu|count|high|batch|high_min|high_max): {1,20}(\d{1,12})(?: .{0,20})?$/;
/** Everything else that stands under a zone: statistics by name, reserves, words of old kernels. */
const OTHER =
	/^(?:(?:nr|workingset|numa|pgdemote|pgpromote|pgscan|pgsteal|compact|thp|zone|node)\w{0,60}:? {1,30}-?\d{1,20}|(?:boost|promo|cma|scanned|aa|ac) {1,20}\d.{0,60}|protection: \(.{0,80}\)|per-node stats|pagesets|vm stats threshold: .{0,20}|(?:all_unreclaimable|prev_priority|inactive_ratio|temp_priority|node_unreclaimable|numa_\w{1,20}): {1,20}\d{1,12})$/;

const FIELDS = {
	free: 'free',
	min: 'min',
	low: 'low',
	high: 'high',
	spanned: 'spanned',
	present: 'present',
	managed: 'managed',
	nr_free_cma: 'freeCma',
} as const;

/** No 32-bit machine has more zones than this, or CPUs. */
const MOST_ZONES = 64;
const MOST_CPUS = 64;

/** /proc/zoneinfo (mm/vmstat.c: zoneinfo_show_print). */
export class ZoneinfoReader implements LineReader {
	#zone: ZoneState | undefined;
	#cpu = -1;

	take(line: LogLine, facts: ProcFacts): boolean {
		const head = HEAD.exec(line.text);
		if (head) {
			this.#begin(Number(head[1]), head[2] ?? '', line.number, facts);
			return true;
		}
		if (this.#zone === undefined) return false;
		// Statistics by node came with the lists of pages by node.
		if (line.text === 'per-node stats')
			facts.dated ??= { value: { release: '4.8.0', word: line.text }, line: line.number };
		return this.#fill(this.#zone, line.text) || OTHER.test(line.text);
	}

	#begin(node: number, name: string, line: number, facts: ProcFacts): void {
		if (name === 'DMA32') facts.wide ??= { value: 'zone DMA32', line };
		const isKnown = facts.zones.some(({ value }) => value.node === node && value.name === name);
		this.#zone = { node, name, pageSets: new Map() };
		this.#cpu = -1;
		// Given twice, the first counts.
		if (!isKnown && facts.zones.length < MOST_ZONES) facts.zones.push({ value: this.#zone, line });
	}

	#fill(zone: ZoneState, text: string): boolean {
		const number = NUMBER.exec(text);
		if (number) {
			zone[FIELDS[number[1] as keyof typeof FIELDS]] ??= Number(number[2]);
			return true;
		}
		const start = START.exec(text);
		if (start) {
			zone.startPfn ??= Number(start[1]);
			return true;
		}
		const set = SET.exec(text);
		if (!set) return false;
		const value = Number(set[2]);
		if (set[1] === 'cpu') this.#cpu = value;
		else if (this.#cpu >= 0 && this.#cpu < MOST_CPUS) {
			const before = zone.pageSets.get(this.#cpu) ?? { count: 0 };
			// 6.7 and later know a lower and an upper limit for `high`.
			if (set[1] === 'count') zone.pageSets.set(this.#cpu, { ...before, count: value });
			else if (set[1] === 'high') zone.pageSets.set(this.#cpu, { ...before, high: value });
			else if (set[1] === 'batch') zone.pageSets.set(this.#cpu, { ...before, batch: value });
		}
		return true;
	}
}
