/**
 * Values that a recording holds and that no state it shows determines, each with the reason. Where such a value says
 * something about the state (a page, a CPU, a free object), the replay takes it as an input, and compares everything that
 * follows from it.
 */
export const SKIPPED = {
	'end of the run': 'the emulated machine stopped for a reason that has nothing to do with the layout',
	'managed pages': 'how much of the zone the boot kept for itself',
	'freed init data': 'the variable was in the init section, which is poisoned memory by then',
	'pages taken in turn': 'how the zones shared the requests, which depends on what others took',
	'free pages': 'how many pages were free at that time',
	'CPU of the task': 'where the scheduler had put the task: first sight of another CPU',
	'pkmap cursor': 'kmaps before the probe: first sight of the cursor',
	'table of the process':
		'whether the process had touched that part of the kernel before: its own table is filled by faults',
	'moment of a wake-up': 'how many slots were freed before the woken task ran',
	jiffies: 'time of the recording: first sight of a moment of the probe itself',
	'ranges of others': 'ranges that others had freed lazily before the probe',
	'turns of the purge worker': 'when the worker that purges lazily freed ranges gets to run',
	'kernel text': 'how the image is mapped depends on its size and on build options',
} as const satisfies Record<string, string>;

export type SkippedName = keyof typeof SKIPPED;

/**
 * Values of which the state determines only a part, each with that part. It is compared like a whole value; what is left
 * is an input of the replay, like those of `SKIPPED`.
 */
export const IN_PART = {
	'object of a used slab':
		'its zone, its place among the objects of a slab, and that nobody holds it; not where the free list of others began',
	'object of a random free list':
		'its zone, its place among the objects of a slab, and that nobody holds it; not how the kernel shuffled the slab',
	'free block': 'its zone, its alignment, and that nobody holds it; not which blocks of that size were free',
	'page frame': 'its zone, and that nobody holds it; not which page the allocator had at hand',
	'page taken by others': 'its zone, and that nobody holds it; not what other tasks took from the same list',
	'address in the image': 'the part of the address space; not where the linker, the module loader or fork put it',
	mem_map: 'that all of it lies in lowmem; not what the boot keeps above it: the initrd and the early page tables',
	'entry of the image': 'the page frame; not the size of the mapping and its rights, which are options of the build',
	'winner of a wake-up': 'how many had won before; not which of the woken tasks runs first',
	'moment of a winner': 'the stage of the test in which it got its slot; not the time of the recording',
	'start of a hole': 'that the search takes this hole of all that are free; not what others had left free',
} as const satisfies Record<string, string>;

export type InPartName = keyof typeof IN_PART;

/** Why a value is not compared: a name of `SKIPPED`. */
export class Skipped {
	constructor(readonly name: SkippedName) {}
}

export const skip = (name: SkippedName): Skipped => new Skipped(name);

/** What is determined of a value: by name, as the recording has it and as the engine has it. */
export type Facts = Readonly<Record<string, readonly [recorded: string | number, computed: string | number]>>;

/** What the engine determines of a value, under a name of `IN_PART`. */
export class InPart {
	constructor(
		readonly name: InPartName,
		readonly facts: Facts,
	) {}

	/** Whether the recorded value can be as it is: every fact is the same. */
	get isPossible(): boolean {
		return Object.values(this.facts).every(([recorded, computed]) => recorded === computed);
	}
}
