import * as v from 'valibot';
import type { BootState } from '../memory/boot/boot-state.ts';
import { renamed, spelled, unspelled } from './spelling.ts';
import { readYaml, saying } from './yaml-file.ts';
import { ADDRESS, WHOLE } from './yaml-values.ts';

const SLOT_KEY = v.pipe(v.string(), v.regex(/^\d+$/, saying('expected slot numbers as keys')));

const AREA = v.strictObject({
	start: ADDRESS,
	/** Guard page included. */
	bytes: v.pipe(WHOLE, v.multipleOf(4096, saying('a size is a multiple of 4096 (guard page included)'))),
	caller: v.optional(v.string()),
	kind: v.optional(v.picklist(['vmalloc', 'ioremap', 'vmap', 'vm_map_ram', 'module', 'percpu'])),
	pages: v.optional(WHOLE),
	physical: v.optional(WHOLE),
	is_lazy: v.optional(v.boolean(saying('expected true or false'))),
});

const ZONE = v.strictObject({
	name: v.picklist(['DMA', 'Normal', 'HighMem']),
	free_blocks: v.optional(v.array(WHOLE)),
	watermarks: v.optional(v.strictObject({ min: WHOLE, low: WHOLE, high: WHOLE })),
	per_cpu: v.optional(v.array(v.strictObject({ count: WHOLE, high: v.optional(WHOLE), batch: v.optional(WHOLE) }))),
});

/** `boot:` of a scenario and the whole of a `--boot-state` file: BootState with the spelling of YAML. */
export const bootStateSchema = v.pipe(
	v.strictObject({
		/** Seconds since boot. */
		time: v.optional(
			v.pipe(v.number(saying('expected seconds since boot')), v.minValue(0, saying('must be 0 or more'))),
		),
		last_pkmap_nr: v.optional(WHOLE),
		pkmap_counts: v.optional(v.record(SLOT_KEY, WHOLE)),
		vmalloc_areas: v.optional(v.array(AREA)),
		zones: v.optional(v.array(ZONE)),
		slabs: v.optional(v.array(v.strictObject({ cache: v.string(), slab: ADDRESS, used: WHOLE }))),
		kmap_atomic_idx: v.optional(v.array(WHOLE)),
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
