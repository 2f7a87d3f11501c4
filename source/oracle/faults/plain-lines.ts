import { LEFT_OUT, type LeftOut } from './left-out.ts';

/** One function of a call trace, in any of the kernels' forms. */
const TRACE =
	/^(?: (?:\? | {3})?|\t)(?:[\w.]+\+0x|0x)[0-9a-f]+|^ ?\[<[0-9a-f]+>\] |^ \S+(?: \[\w+\])? from \S+|^(?: (?:\? )?|\t)[a-z_]\w*(?: \[\w+\])?$/;

/** Registers of the user program, or of an interrupted one, that x86 prints within a trace. */
const INNER_REGISTERS = /^(?:EIP: 0x[0-9a-f]|EIP: \w|Code: |EAX: |ESI: |DS: )/;

const HEADING = /^(?:Call [Tt]race: ?|Backtrace: ?)$/;

export interface PlainOptions {
	/** The case runs in an interrupt: which task that had stopped is a matter of time. @default false */
	readonly isInterrupt?: boolean;
	/** Told of each line that is left out, and why. @default nobody */
	readonly leave?: (reason: LeftOut) => void;
}

/**
 * The lines of a log that the simulated state determines, in a form that can be compared: what depends on compiled code,
 * on time, or on process numbers is blanked out.
 */
export const plainLines = (
	lines: readonly string[],
	{ isInterrupt = false, leave = () => {} }: PlainOptions = {},
): readonly string[] => {
	const plain: string[] = [];
	let isTrace = false;
	let isMemInfo = false;
	let isStopping = false;
	let hasSlept = false;
	let isWatched = false;
	for (const line of lines) {
		const text = line.trimEnd();
		if (text === '') continue;
		if (/^CPU\d+: stopping/.test(text)) isStopping = true;
		else if (text.startsWith('---[ end Kernel panic')) isStopping = false;
		const found = leftOut(text);
		if (found === 'watchdog') isWatched = true;
		else if (text.startsWith('MMF ')) isWatched = false;
		const left = isStopping ? 'stopping' : isWatched ? 'watchdog' : found;
		if (left !== undefined) {
			leave(left);
			continue;
		}
		if (HEADING.test(text)) {
			isTrace = true;
			plain.push('Call trace:');
			continue;
		}
		// What follows an interrupt's sleep depends on the task that it had stopped; the idle task complains for ever.
		const isIdle = text.startsWith('bad: scheduling from the idle thread');
		if (isIdle && !isInterrupt) plain.push(text);
		if (isIdle || (isInterrupt && hasSlept && !isTrace && plain.at(-1) === 'Call trace:')) {
			leave('stopping');
			break;
		}
		if (text.startsWith('BUG: scheduling while atomic')) hasSlept = true;
		if (TRACE.test(line)) {
			leave('trace');
			continue;
		}
		if (isTrace && isOfUser(text, plain)) {
			leave('user');
			continue;
		}
		if (!INNER_REGISTERS.test(text)) isTrace = false;
		if (text === 'Mem-Info:') isMemInfo = true;
		else if (
			/^(?:MMF|Kernel|Out|Tasks|Unreclaimable|\S+: )/.test(text) &&
			!/^(?:Normal|DMA|HighMem|Swap|lowmem|active)/.test(text)
		)
			isMemInfo = false;
		plain.push(isMemInfo ? counted(text) : blanked(isInterrupt ? interrupted(text) : text));
	}
	return plain;
};

const leftOut = (text: string): LeftOut | undefined => LEFT_OUT.find(({ lines }) => lines.test(text))?.name;

const isOfUser = (text: string, plain: readonly string[]): boolean => {
	if (!INNER_REGISTERS.test(text)) return false;
	if (text.startsWith('Code: ')) return !plain.some(line => line.startsWith('PC is at'));
	return !(plain.at(-1)?.startsWith('---[ end') ?? false);
};

/** The task that the interrupt had stopped, and what is printed of it: its name, segment, and page table. */
const interrupted = (text: string): string =>
	text
		.replace(/\b(Comm:|Process|, name:) \S+/, '$1 stopped')
		.replace(/atomic: \S+\/(0x\w+)$/, 'atomic: stopped/$1')
		.replace(/\bGS: (?:0000|0033)\b/, 'GS: n')
		.replace(/^(\[0000[0-9a-f]{4}\] \*pgd=)[0-9a-f]+$/, '$1n');

/** How much memory the programs beside the case had is not part of it. */
const counted = (text: string): string =>
	text
		.replace(/ \([UMECHI]+\)/g, '')
		.replace(/\d+/g, 'N')
		.replace(/(all_unreclaimable\?) \w+/, '$1');

type Rule = readonly [pattern: RegExp, replacement: string | ((match: string) => string)];

const RULES: readonly Rule[] = [
	[/^(Code:).*/, '$1'],
	[/^CR2: 0{8}/, 'CR2: '],
	[/^(LR is at).*/, '$1'],
	[/^(pc :|sp :|r10:|r7 :|r3 :|EAX:|ESI: |task:).*/, '$1'],
	[/^EIP: 0060:.*/, 'EIP: 0060:'],
	[/^(IP:|EIP:) \[<[0-9a-f]{8}>\] /, '$1 '],
	[/ SS:ESP 0068:[0-9a-f]{8}$/, ' SS:ESP'],
	[/^(Stack:).*/, '$1'],
	[/^Flags: .... {2}(.*?) {2}ISA \w+/, 'Flags: $1'],
	[/^Control: .*(DAC: \w+)/, 'Control: $1'],
	[/^(Register r\d+ information:).*/, '$1'],
	[/^Process (\S+) \(.*/, 'Process $1'],
	[/^(pgd = ).*/, '$1'],
	[/^CR0: .*(CR2: \w+) .*/, 'CR0: $1'],
	[/^(D?S?.*EFLAGS:) .*/, '$1'],
	[/^(---\[ end trace) \w+/, '$1'],
	[/\b(CPU:) \d+/g, '$1 n'],
	[/\bPID: \d+/g, 'PID: n'],
	[/\b(Comm:) (?:swapper\/\d+|sh|exe|busybox)\b/, '$1 other'],
	[/^Process (?:swapper\/\d+|sh|exe|busybox)\b/, 'Process other'],
	[/(\w)\+0x[0-9a-f]+\/0x[0-9a-f]+/g, '$1'],
	[/\b(\w+\.(?:constprop|isra|part|cold)\.?\d*)\b/g, '$1'],
	[/\.(?:constprop|isra|part|cold)(?:\.\d+)?\b/g, ''],
	[/\b([\w-]+)\[\d+\]:/, '$1[n]:'],
	[/\b([\w-]+)\[\d+\] exited/, '$1[n] exited'],
	[/atomic: (?:swapper\/\d+|sh|exe|busybox)\//, 'atomic: other/'],
	[/(atomic: [\w/-]+)\/\d+\//, '$1/n/'],
	[/, pid: \d+,/, ', pid: n,'],
	[/( process|,pid=) ?\d+\b/g, '$1 n'],
	[/(?:total-vm|-rss|pgtables):\d+kB/g, match => match.replace(/\d+/, 'N')],
	[/^.*Cannot allocate memory\[ *[\d.]+\] /, ''],
	[/\*(p[a-z]+)( ?= ?)[0-9a-f]*?([0-9a-f]{3})\b/g, '*$1$2$3'],
	[/segfault at \w+ ip \w+ sp \w+ (error \d+) in \w+\[[^\]]*\].*/, 'segfault $1'],
	[/Unable to access opcode bytes at .*/, 'Unable to access opcode bytes'],
	[/^(MMF (?:ioremap )?failed at no) \d+/, '$1'],
	[/^(MMF filling \d+ slots) \(\d+ had a pte\)/, '$1'],
	[/\bpte 0x(?:[0-9a-f]*[1-9a-f][0-9a-f]*)\b/g, 'pte set'],
	[/\bpte of (\S+) 0x[0-9a-f]*[1-9a-f][0-9a-f]*\b/g, 'pte of $1 set'],
	[/\((?:\(?ptrval\)?|[0-9a-f]{8})\)/g, '(pointer)'],
	[/(\[verbose debug info unavailable\])/, '$1'],
	[/^(Kernel BUG at) \w+/, '$1 there'],
	[/^(WARNING: .* at mmfault\.c):\d+/, '$1'],
	[/^page:(?:[0-9a-f]{8}|\(pointer\)|) /, 'page: '],
	[/^(object pointer:) .*/, '$1'],
	[/^(raw: [0-9a-f]{8}) [0-9a-f]{8} [0-9a-f]{8} [0-9a-f]{8} [0-9a-f]{8} /, '$1 '],
	[/ mapping:\S+ index:\S+/, ''],
	[/^(kernel BUG at mmfault\.c):\d+!/, '$1'],
	[/\bage=\d+ cpu=\d+ pid=\d+$/, 'age=n cpu=n pid=n'],
	[/(objects=(\d+)) used=(?!\2 )\d+/, '$1 used=n'],
	[/@offset=\d+/, '@offset=n'],
];

const blanked = (text: string): string =>
	RULES.reduce((line, [pattern, replacement]) => line.replace(pattern, replacement as string), text).trimEnd();
