import { closest } from '../machine/closest.ts';
import { UserError } from '../machine/user-error.ts';
import { type PlainPhrase, phrase, verbatim } from '../phrases/phrase.ts';

/** The modes of the command; `dashboard` is what it does when none is named. */
export const COMMANDS = ['layout', 'explain', 'compare', 'run', 'record', 'collect', 'machines'] as const;
export type Command = (typeof COMMANDS)[number] | 'dashboard';

/** Every flag once: what meow needs to read it, what the help says of it. */
export const FLAGS = {
	machine: { type: 'string', value: 'ID', help: 'a ready-made machine; `highmem machines` lists them' },
	from: {
		type: 'string',
		isMultiple: true,
		value: 'PATH',
		help: 'the machine of a boot log, of files of its /proc, a folder of them, or what collect gathered (- for standard input)',
	},
	arch: { type: 'string', value: 'arm|x86', help: 'architecture' },
	kernel: { type: 'string', value: 'RELEASE', help: 'kernel release, 2.6.24 to 6.12' },
	ram: { type: 'string', value: 'SIZE', help: '2G, or banks: 512M@0x80000000,256M@0xa0000000' },
	split: { type: 'string', value: 'SPLIT', help: '3G, 3G_opt, 2G, 2G_opt or 1G' },
	vmalloc: { type: 'string', value: 'SIZE', help: 'the kernel parameter vmalloc=' },
	highmem: { type: 'boolean', help: 'CONFIG_HIGHMEM (--no-highmem: without)' },
	pae: { type: 'boolean', help: 'x86: physical address extension' },
	lpae: { type: 'boolean', help: 'ARM: large physical address extension' },
	nrCpus: { type: 'string', value: 'N', help: 'CONFIG_NR_CPUS' },
	cpus: { type: 'string', value: 'N', help: 'CPUs that run' },
	cmdline: { type: 'string', value: '"..."', help: 'kernel command line: vmalloc= mem= highmem= slub_debug= ...' },
	config: { type: 'string', value: 'FILE', help: 'a kernel .config: split, HIGHMEM, PAE/LPAE, NR_CPUS, CMA ...' },
	bootState: { type: 'string', value: 'FILE', help: 'what had already happened before the start (YAML)' },
	resume: { type: 'boolean', help: 'go on with the last session' },
	journal: { type: 'boolean', help: 'keep no journal of the session' },
	output: { type: 'string', value: 'FILE', shortFlag: 'o', help: 'record: the .cast file' },
	size: { type: 'string', value: 'WxH', help: 'record: size of the terminal, 100x30 if not given' },
	castVersion: { type: 'string', value: '2|3', help: 'record: version of the asciicast file, 2 if not given' },
	json: { type: 'boolean', help: 'JSON, for programs; the same in every language' },
	lang: { type: 'string', value: 'en|zh', help: 'language; if not given, that of the locale' },
	ascii: { type: 'boolean', help: 'draw with ASCII characters only' },
	color: { type: 'boolean', help: 'without colours (NO_COLOR does the same)' },
	background: {
		type: 'string',
		value: 'dark|light',
		help: 'background of the terminal, for colours that can be read on it',
	},
	help: { type: 'boolean', shortFlag: 'h', help: 'this text' },
	version: { type: 'boolean', help: 'the version' },
} as const satisfies Record<string, FlagDeclaration>;

interface FlagDeclaration {
	readonly type: 'string' | 'boolean';
	/** May be given more than once. */
	readonly isMultiple?: boolean;
	/** What stands for the value in the help. */
	readonly value?: string;
	readonly shortFlag?: string;
	readonly help: PlainPhrase;
}

export type Flags = {
	readonly [F in keyof typeof FLAGS]?: (typeof FLAGS)[F] extends { isMultiple: true }
		? readonly string[]
		: (typeof FLAGS)[F]['type'] extends 'boolean'
			? boolean
			: string;
};

export interface CommandLine {
	readonly command: Command;
	readonly files: readonly string[];
	readonly flags: Flags;
}

/** `nrCpus` -> `--nr-cpus`. */
export const flagName = (key: string): string =>
	key.length === 1 ? `-${key}` : `--${key.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`;

/**
 * Check what meow read. Its result names flags in camel case; an unknown one is there too.
 * @throws {UserError} for an unknown flag, and for one without its value.
 */
export const checkFlags = (parsed: Readonly<Record<string, unknown>>): Flags => {
	const known: Record<string, string | boolean | readonly string[]> = {};
	for (const [key, value] of Object.entries(parsed)) {
		// meow gives an empty list for a flag that may be given more than once and is not.
		if (value === undefined || (Array.isArray(value) && value.length === 0)) continue;
		const declaration: FlagDeclaration | undefined = Object.hasOwn(FLAGS, key)
			? FLAGS[key as keyof typeof FLAGS]
			: undefined;
		if (!declaration) {
			const nearest = closest(key, Object.keys(FLAGS));
			throw new UserError(
				'no such flag',
				flagName(key),
				nearest ? phrase('did you mean {near}?', { near: flagName(nearest) }) : 'see highmem --help',
			);
		}
		const values: readonly unknown[] = Array.isArray(value) ? value : [value];
		if (declaration.type === 'string' && values.some(one => typeof one !== 'string' || one === '')) {
			throw new UserError(
				'needs a value',
				flagName(key),
				verbatim(`${flagName(key)} ${declaration.value ?? ''}`.trim()),
			);
		}
		if (Array.isArray(value)) known[key] = values.map(String);
		else if (typeof value === 'string' || typeof value === 'boolean') known[key] = value;
	}
	return known as Flags;
};
