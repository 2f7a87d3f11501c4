import { MAX_LINE, plainLine } from './plain-line.ts';

/** A line of a log as the kernel meant it. */
export interface LogLine {
	/** Line of the log, counted from 1. */
	readonly number: number;
	/** Without time stamps, quoting, colours and control characters; no blanks at either end. */
	readonly text: string;
}

/** How many lines a mailer may have made of one. */
const MAX_PIECES = 12;

/** What loggers, consoles and vendors put before the kernel's words; each may stand once or more. */
const PREFIXES: readonly RegExp[] = [
	// syslog and journald: `Jan  1 00:00:06 host kernel: `
	/^(?:[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[^ ]{0,20})(?: [^ ]{1,80}){0,2}? kernel(?:\[\d{1,9}\])?: ?/,
	// log viewers' tables: `07/30/2008 11:55:05 PM host kernel `
	/^\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d [AP]M [^ ]{1,80} kernel ?/,
	// priority
	/^<\d{1,3}>/,
	// printk time, dmesg -T, caller, terminal programs' clocks: `[    0.000000] `, `[Mon Nov  2 10:00:00 2015] `
	/^\[ {0,12}\d{1,9}[.,]\d{1,9}(?: ?\([^)]{0,20}\))?\] ?/,
	/^\[[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}\] ?/,
	/^\[(?:\d{4}-)?\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\] ?/,
	/^\[? {0,3}\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\]? /,
	/^\[ {0,8}[TC]\d{1,7}\] ?/,
	/^-?\(\d{1,3}\)\[\d{1,7}: ?[^\]]{1,32}\]/,
	/^\[\d{1,3}: {0,24}[\w./-]{1,32}(?:: {0,8}\d{1,7})?\] ?/,
	/^c\d \d{1,7} \([^)]{1,32}\) ?/,
];

/** Whether a prefix tells the time: then a line without one goes on the line before. */
const STAMPED = /^(?:<\d{1,3}>)?(?:\[|[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:|\d{4}-\d\d-|\d\d\/\d\d\/\d{4} )/;

interface RawLine extends LogLine {
	readonly hasStamp: boolean;
	readonly rawLength: number;
}

const clean = (raw: string, number: number): RawLine => {
	let text = plainLine(raw);
	const hasStamp = STAMPED.test(text);
	for (let isFound = true; isFound; ) {
		isFound = false;
		for (const prefix of PREFIXES) {
			const match = prefix.exec(text);
			if (!match) continue;
			text = text.slice(match[0].length);
			isFound = true;
		}
	}
	return { number, text: text.trim(), hasStamp, rawLength: Math.min(raw.length, MAX_LINE) };
};

/** Lines that are longer than a mailer's. */
const WRAPPED =
	/^(?:Memory:|Linux version |Kernel command line:|CPU:|BIOS-e820:|Virtual kernel|free_area_init|PERCPU:|percpu:)/;
const SHORTEST_WRAPPED = 55;

const opens = (text: string): boolean => {
	let depth = 0;
	for (let at = 0; at < text.length; at++) {
		const character = text[at];
		if (character === '(' || character === '[') depth++;
		else if (character === ')' || character === ']') depth--;
	}
	return depth > 0;
};

/** What begins a line of its own at this stage of a boot, rather than going on with a command line. */
const BEGINNING = /^(?:[A-Z][\w /-]{0,40}[:\d]|\.?\w{1,10} {0,4}: 0x|[a-z_0-9]{2,32}: )/;

/** What ends the first line of a boot. */
const BUILD_WORDS = /^(?:#\d|SMP |PREEMPT|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} )/;

const goesOn = (open: RawLine, next: RawLine, lastLength: number): boolean => {
	if (next.text === '' || next.hasStamp || lastLength < SHORTEST_WRAPPED || !WRAPPED.test(open.text)) return false;
	if (open.text.startsWith('Linux version ') && BUILD_WORDS.test(next.text)) return !/ \d{4}$/.test(open.text);
	// Time stamps may be switched off in the middle of a log.
	if (BEGINNING.test(next.text)) return false;
	if (open.hasStamp) return true;
	if (open.text.startsWith('Kernel command line:')) return lastLength < 100;
	return opens(open.text);
};

/** Marks where a mail program broke a line of quoted-printable text. */
const SOFT_BREAK = '\ue000';
const SOFT_BREAKS = /\ue000/g;

/** Undo quoted-printable: `=3D` for an equals sign, and lines that end with one going on. */
const plainText = (text: string): string => {
	if (!/=3D/.test(text) || !/=\r?\n/.test(text)) return text;
	return text
		.replace(/=\r?\n/g, SOFT_BREAK)
		.replace(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
};

/** The lines of one boot, prefixes removed and wrapped lines joined again; empty ones are left out. */
export const logLines = (text: string, firstLine: number): LogLine[] => {
	const lines: LogLine[] = [];
	let open: RawLine | undefined;
	let lastLength = 0;
	let pieces = 0;
	let number = firstLine;
	for (const physical of plainText(text).split('\n')) {
		const whole = physical.replace(SOFT_BREAKS, '');
		for (const segment of whole.split('\r')) {
			if (segment === '') continue;
			const line = clean(segment, number);
			if (open && pieces < MAX_PIECES && goesOn(open, line, lastLength)) {
				open = { ...open, text: `${open.text} ${line.text}` };
				pieces++;
			} else {
				if (open && open.text !== '') lines.push({ number: open.number, text: open.text });
				open = line;
				pieces = 1;
			}
			lastLength = line.rawLength;
		}
		number += 1 + physical.length - whole.length;
	}
	if (open && open.text !== '') lines.push({ number: open.number, text: open.text });
	return lines;
};
