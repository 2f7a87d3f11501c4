import { wrap } from '../dashboard/painting/text.ts';
import { alignColumns } from '../layout/columns.ts';
import type { PlainPhrase, Say } from '../phrases/phrase.ts';
import { type Command, FLAGS, flagName } from './flags.ts';
import { type FlagKey, MACHINE_FLAGS, MODE_FLAGS, SCREEN_FLAGS } from './mode-flags.ts';

interface ModeHelp {
	readonly usage: string;
	readonly what: PlainPhrase;
	/** What there is to know beside the one line. */
	readonly more?: readonly PlainPhrase[];
	readonly examples: readonly string[];
}

const MODES: Readonly<Record<Command, ModeHelp>> = {
	dashboard: {
		usage: 'highmem [FILE]',
		what: 'the dashboard; FILE: a scenario (.yaml), a kernel module (.c), or a boot log or folder of a board',
		more: ['Without a terminal a file is run as by `highmem run`; without a file the table is printed.'],
		examples: ['highmem --machine imx6q-1g', 'highmem scenarios/lessons/02-kmap-counts.yaml'],
	},
	layout: {
		usage: 'highmem layout',
		what: 'print the mem_init table exactly as that kernel prints it',
		more: ['Standard output has the table alone; what the kernel says beside it goes to standard error.'],
		examples: ['highmem layout --arch arm --kernel 4.19.44 --ram 1G --vmalloc 256M', 'highmem layout --from boot.log'],
	},
	explain: {
		usage: 'highmem explain WHAT',
		what: 'why a border lies where it does, and what an address is',
		more: ['WHAT: an address, a row of the table, or a symbol with or without a distance.'],
		examples: [
			'highmem explain high_memory --machine imx6q-1g',
			'highmem explain vmalloc --from boot.log',
			'highmem explain PKMAP_BASE+0x3000',
		],
	},
	compare: {
		usage: 'highmem compare A B',
		what: 'two machines side by side: what moved and what it costs',
		more: ['A and B: ids, boot logs, or flags in quotes. With flags in place of B, A is compared with itself changed.'],
		examples: [
			'highmem compare imx6q-1g imx6q-2g',
			'highmem compare boot.log --vmalloc 512M',
			'highmem compare imx6q-1g "imx6q-1g --vmalloc 512M"',
		],
	},
	run: {
		usage: 'highmem run FILE...',
		what: 'no screen: run scenarios or modules and print the kernel log',
		examples: ['highmem run scenarios/documents/kmap.c --machine imx6q-2g'],
	},
	record: {
		usage: 'highmem record FILE -o OUT.cast',
		what: 'no screen: an asciicast of the dashboard playing a scenario',
		examples: ['highmem record scenarios/lessons/02-kmap-counts.yaml -o kmap.cast --size 100x30'],
	},
	collect: {
		usage: 'highmem collect',
		what: 'print a script that gathers on a machine what --from reads',
		examples: ['highmem collect | ssh board sh > board.txt', 'highmem --from board.txt'],
	},
	machines: {
		usage: 'highmem machines',
		what: 'list the ready-made machines',
		examples: ['highmem machines --json'],
	},
};

const EXIT_STATUS: PlainPhrase =
	'0 done; 1 an expectation or a module failed, or the simulated kernel oopsed; 2 wrong usage or unreadable input';

/** Columns that help is written for. */
const WIDTH = 80;

/** What `highmem --help` prints, or `highmem MODE --help`. */
export const helpText = (command: Command, say: Say): string => {
	const lines = command === 'dashboard' ? wholeHelp(say) : modeHelp(command, say);
	return lines.map(line => `${line}\n`).join('');
};

const wholeHelp = (say: Say): string[] => {
	const modes = Object.values(MODES);
	return [
		say('Usage:'),
		...twoColumns(
			modes.map(({ usage, what }) => [usage, say(what)]),
			33,
		),
		'',
		...flagLines('Which machine:', MACHINE_FLAGS, say),
		...flagLines('How it runs:', ['bootState', 'resume', 'journal', 'output', 'size', 'castVersion'], say),
		...flagLines('How it is shown:', ['json', ...SCREEN_FLAGS, 'help', 'version'], say),
		say('Examples:'),
		...modes.flatMap(({ examples: [first] }) => (first === undefined ? [] : [`  ${first}`])),
		'',
		say('Exit status:'),
		...indented(say(EXIT_STATUS)),
		'',
		...wrap(say('`highmem MODE --help` tells more of a mode.'), WIDTH),
	];
};

const modeHelp = (command: Command, say: Say): string[] => {
	const { usage, what, more = [], examples } = MODES[command];
	const flags = MODE_FLAGS[command];
	return [
		say('Usage:'),
		`  ${usage}`,
		'',
		...wrap(say(what), WIDTH),
		...more.flatMap(text => wrap(say(text), WIDTH)),
		'',
		...flagLines(
			'Which machine:',
			flags.filter(flag => MACHINE_FLAGS.includes(flag)),
			say,
		),
		...flagLines(
			'Other flags:',
			flags.filter(flag => !MACHINE_FLAGS.includes(flag)),
			say,
		),
		say('Examples:'),
		...examples.map(example => `  ${example}`),
	];
};

/** A heading, the flags, and an empty line; nothing for no flags. */
const flagLines = (heading: PlainPhrase, flags: readonly FlagKey[], say: Say): string[] =>
	flags.length === 0
		? []
		: [
				say(heading),
				...twoColumns(
					flags.map(key => [flagText(key), say(FLAGS[key].help)]),
					24,
				),
				'',
			];

const flagText = (key: FlagKey): string => {
	const flag = FLAGS[key];
	const short = 'shortFlag' in flag ? `-${flag.shortFlag}, ` : '';
	// What is on unless it is switched off is shown as it is typed.
	const name = key === 'color' || key === 'journal' ? `--no-${key}` : flagName(key);
	return `${short}${name}${'value' in flag ? ` ${flag.value}` : ''}`;
};

/** What stands on the left, padded, and the text beside it, over several lines where it is long. */
const twoColumns = (rows: readonly (readonly [string, string])[], width: number): string[] =>
	alignColumns(
		rows.flatMap(([left, right]) =>
			wrap(right, WIDTH - width - 4).map((line, at) => [`  ${at === 0 ? left : ''}`.padEnd(width + 2), line]),
		),
	);

const indented = (text: string): string[] => wrap(text, WIDTH - 2).map(line => `  ${line}`);
