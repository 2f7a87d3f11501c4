import { PAGE_SIZE } from '../address.ts';
import type { LogLine } from '../boot-log/log-lines.ts';
import type { LineReader } from './line-reader.ts';
import { MOST_ROWS } from './line-reader.ts';
import type { ProcFacts, VmallocRow } from './proc-facts.ts';

const ADDRESS = '(?:0x)?(?:[0-9a-f]{8,16}|\\(_{0,8}ptrval_{0,8}\\))';
const ROW = new RegExp(`^(${ADDRESS})-(${ADDRESS}) {1,10}(\\d{1,10}) ?(.{0,400})$`);
/** A row that was cut; what goes on otherwise, such as a flash partition in a log, is something else. */
const CUT = /^0x[0-9a-f(][0-9a-z_()]{0,24}-(?:0x[0-9a-z_()]{0,25}(?: {1,10}\d{0,10})?)?$/;

/** Words behind the caller; what is none of them belongs to its name. */
const WORD =
	/^(?:pages=\d{1,9}|phys=(?:0x)?[0-9a-f]{1,16}|ioremap|vmalloc|vmap|user|vpages|dma-coherent|sparse|N\d{1,3}=\d{1,9}|order=\d{1,2})$/;

const LAZY = 'unpurged vm_area';
const MAP_RAM = 'vm_map_ram';

/** /proc/vmallocinfo (mm/vmalloc.c: s_show). */
export class VmallocinfoReader implements LineReader {
	take({ text, number: line }: LogLine, facts: ProcFacts): boolean {
		const match = ROW.exec(text);
		if (!match) {
			if (!CUT.test(text)) return false;
			facts.damaged.push({ value: text, line });
			return true;
		}
		const [, from = '', to = '', size = '', rest = ''] = match;
		if (/[0-9a-f]{16}/.test(from)) facts.wide ??= { value: `address ${from}`, line };
		const bytes = Number(size);
		if (bytes === 0 || bytes % PAGE_SIZE !== 0 || bytes >= 2 ** 32) facts.damaged.push({ value: text, line });
		else if (facts.vmalloc.length < MOST_ROWS) facts.vmalloc.push({ value: row(from, to, bytes, rest.trim()), line });
		return true;
	}
}

const row = (from: string, to: string, bytes: number, rest: string): VmallocRow => {
	const common = { start: address(from), end: address(to), bytes };
	if (rest === LAZY) return { ...common, caller: '', words: [], isLazy: true };
	if (rest === MAP_RAM) return { ...common, caller: '', words: [MAP_RAM], isLazy: false };
	const all = rest.split(/ {1,8}/);
	const first = all.findIndex(word => WORD.test(word));
	const words = first < 0 ? [] : all.slice(first);
	const pages = words.find(word => word.startsWith('pages='))?.slice('pages='.length);
	const physical = words.find(word => word.startsWith('phys='))?.slice('phys='.length);
	return {
		...common,
		caller: all.slice(0, first < 0 ? undefined : first).join(' '),
		...(pages === undefined ? {} : { pages: Number(pages) }),
		...(physical === undefined ? {} : physicalOf(physical)),
		words: words.filter(word => !word.includes('=')),
		isLazy: false,
	};
};

const address = (text: string): number | undefined =>
	text.includes('(') ? undefined : Number.parseInt(text.replace(/^0x/, ''), 16);

/** `%pa` prints all digits of a phys_addr_t; `%llx`, in older kernels, only those that it needs. */
const physicalOf = (text: string): Pick<VmallocRow, 'physical' | 'physicalDigits'> => {
	const digits = text.replace(/^0x/, '');
	const physical = Number.parseInt(digits, 16);
	return text.startsWith('0x') ? { physical, physicalDigits: digits.length } : { physical };
};
