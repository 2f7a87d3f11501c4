import * as v from 'valibot';
import type { BootState } from '../memory/boot/boot-state.ts';
import { renamed, spelled, unspelled } from './spelling.ts';
import { readYaml, saying } from './yaml-file.ts';

const COUNT = v.pipe(
	v.number(saying('expected a whole number')),
	v.integer(saying('expected a whole number')),
	v.minValue(0, saying('must be 0 or more')),
);

const ADDRESS = v.pipe(
	v.number(saying('expected an address such as 0xf0800000')),
	v.integer(saying('expected an address such as 0xf0800000')),
	v.minValue(0, saying('must be 0 or more')),
	v.maxValue(0xffffffff, saying('an address has 32 bits')),
);

const SLOT_KEY = v.pipe(v.string(), v.regex(/^\d+$/, saying('expected slot numbers as keys')));

const AREA = v.strictObject({
	start: ADDRESS,
	/** Guard page included. */
	bytes: v.pipe(COUNT, v.multipleOf(4096, saying('a size is a multiple of 4096 (guard page included)'))),
	caller: v.optional(v.string()),
	kind: v.optional(v.picklist(['vmalloc', 'ioremap', 'vmap', 'vm_map_ram', 'module', 'percpu'])),
	pages: v.optional(COUNT),
	physical: v.optional(COUNT),
	is_lazy: v.optional(v.boolean(saying('expected true or false'))),
});

const ZONE = v.strictObject({
	name: v.picklist(['DMA', 'Normal', 'HighMem']),
	free_blocks: v.optional(v.array(COUNT)),
	watermarks: v.optional(v.strictObject({ min: COUNT, low: COUNT, high: COUNT })),
	per_cpu: v.optional(v.array(v.strictObject({ count: COUNT, high: v.optional(COUNT), batch: v.optional(COUNT) }))),
});

/** `boot:` of a scenario and the whole of a `--boot-state` file: BootState with the spelling of YAML. */
export const bootStateSchema = v.pipe(
	v.strictObject({
		/** Seconds since boot. */
		time: v.optional(
			v.pipe(v.number(saying('expected seconds since boot')), v.minValue(0, saying('must be 0 or more'))),
		),
		last_pkmap_nr: v.optional(COUNT),
		pkmap_counts: v.optional(v.record(SLOT_KEY, COUNT)),
		vmalloc_areas: v.optional(v.array(AREA)),
		zones: v.optional(v.array(ZONE)),
		slabs: v.optional(v.array(v.strictObject({ cache: v.string(), slab: ADDRESS, used: COUNT }))),
		kmap_atomic_idx: v.optional(v.array(COUNT)),
	}),
	v.transform(
		({ time, ...file }): BootState => renamed({ ...(time !== undefined && { timeSeconds: time }), ...file }, unspelled),
	),
);

/** A boot state as `bootStateSchema` reads it. */
export const fileOfBootState = ({ timeSeconds: time, ...state }: BootState): v.InferInput<typeof bootStateSchema> =>
	renamed({ time, ...state }, spelled);

/**
 * Read a boot state from YAML.
 * @throws {UserError} at the line and column of the first mistake.
 */
export const parseBootState = (text: string, fileName: string): BootState =>
	readYaml(bootStateSchema, text, fileName).value;
