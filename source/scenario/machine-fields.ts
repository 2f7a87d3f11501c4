import * as v from 'valibot';
import type {
	Architecture,
	ArmMachine,
	DebugOptions,
	KernelParameters,
	ReportOptions,
	X86Machine,
} from '../machine/machine.ts';
import { PAGE_OFFSETS } from '../machine/split.ts';
import { spelled } from './spelling.ts';
import { saying } from './yaml-file.ts';
import { ADDRESS, TEXT, WHOLE } from './yaml-values.ts';

type Entries = Readonly<Record<string, v.GenericSchema>>;

/** Any of these fields, spelled as in files. `null` says that the machine lacks what the one it is like has. */
const some = (entries: Entries) =>
	v.strictObject(
		Object.fromEntries(
			Object.entries(entries).map(([name, schema]) => [spelled(name), v.optional(v.nullable(schema))]),
		),
	);

const COUNT = v.pipe(WHOLE, v.minValue(1, saying('must be 1 or more')));
const FLAG = v.boolean(saying('expected true or false'));
/** `512M`, or bytes. */
const SIZE = v.union([TEXT, WHOLE], saying('expected a size such as 512M'));
const RANGE = v.tuple([ADDRESS, ADDRESS], saying('expected two addresses, a start and an end'));
const LINE_BYTES = v.picklist([8, 16, 32, 64, 128]);

const flags = <Name extends string>(...names: readonly Name[]): Readonly<Record<Name, typeof FLAG>> =>
	Object.fromEntries(names.map(name => [name, FLAG])) as Record<Name, typeof FLAG>;

type Fields<Machine> = { readonly [Field in Exclude<keyof Machine, 'arch'>]-?: v.GenericSchema };

const DEBUG: Fields<DebugOptions> = {
	...flags('highmem', 'atomicSleep', 'virtual', 'preemptCount', 'vm', 'slabHardened', 'initOnAlloc', 'stackTrace'),
	/** As `slub_debug=` takes it. */
	slub: v.string(saying('expected a text')),
};

const REPORT: Fields<ReportOptions> = {
	build: TEXT,
	hardwareName: TEXT,
	...flags('isModuleSigned', 'isBugVerbose', 'isPreemptible', 'hasDomainPan', 'isPanicOnOops', 'isStrict'),
	memory: some(flags('swap', 'hugePages', 'poison')),
};

const PARAMETERS: Fields<KernelParameters> = { vmalloc: SIZE, highmem: SIZE, mem: SIZE, cma: SIZE, reservetop: SIZE };

const COMMON = {
	id: TEXT,
	title: TEXT,
	origin: v.picklist(['changed', 'configured', 'custom', 'log']),
	/** As `--kernel` takes it; or, where a vendor's release hides the number of the kernel it was made of, both. */
	kernel: v.union(
		[TEXT, v.strictObject({ major: WHOLE, minor: WHOLE, patch: WHOLE, text: TEXT })],
		saying('expected a text'),
	),
	cpu: TEXT,
	cpusOnline: COUNT,
	nrCpus: COUNT,
	/** As `--ram` takes it. */
	ram: TEXT,
	split: v.picklist(Object.keys(PAGE_OFFSETS)),
	parameters: some(PARAMETERS),
	cacheLineBytes: LINE_BYTES,
	kmallocMinBytes: LINE_BYTES,
	maxOrder: v.picklist([6, 7, 8, 9, 10, 11, 12, 13, 14, 15]),
	structPageBytes: v.picklist([32, 36, 40, 44, 48, 52, 56, 60, 64]),
	sections: v.strictObject({ text: RANGE, init: RANGE, data: RANGE, bss: v.optional(RANGE) }),
	debug: some(DEBUG),
	highPte: FLAG,
	report: some(REPORT),
};

const ARM: Fields<ArmMachine> = {
	...COMMON,
	...flags('highmem', 'lpae', 'thumb2', 'errata798181', 'vivt', 'modules', 'modulePlts'),
	cma: v.strictObject({ size_bytes: WHOLE, base: v.optional(WHOLE) }),
	dmaZone: v.union([v.literal('lowmem'), WHOLE], saying('expected a number of bytes')),
	physOffset: WHOLE,
	platformVmallocEnd: ADDRESS,
	consistentDmaBytes: WHOLE,
	armVersion: v.picklist([5, 6, 7]),
	tcm: v.strictObject({ dtcm_end: ADDRESS, itcm_end: ADDRESS }),
	fixaddrStart: ADDRESS,
};

const X86: Fields<X86Machine> = {
	...COMMON,
	...flags('pae', 'zoneDma', 'pti', 'intelDebugStore'),
	highmem: v.picklist(['off', '4G', '64G']),
	fixmap: some(
		flags('ohci1394', 'localApic', 'ioApic', 'mcfg', 'paravirt', 'f00f', 'acpi', 'ghes', 'intelMid', 'intelTxt'),
	),
	cpuEntryGeneration: v.picklist([0, 1, 2, 3]),
};

/** What a file may say of a machine, beside the ready-made one that it is like. */
export const MACHINE_FIELDS: Readonly<Record<Architecture, ReturnType<typeof some>>> = {
	arm: some(ARM),
	x86: some(X86),
};

/** Fields that hold fields of their own: those that are not named stay as they are. */
export const MACHINE_GROUPS: ReadonlySet<string> = new Set(['parameters', 'debug', 'report', 'fixmap']);
