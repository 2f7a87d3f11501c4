import * as v from 'valibot';
import type { BootState } from '../memory/boot/boot-state.ts';
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

/** `boot:` of a scenario and the whole of a `--boot-state` file: BootState with the spelling of YAML. */
export const bootStateSchema = v.pipe(
	v.strictObject({
		/** Seconds since boot. */
		time: v.optional(
			v.pipe(v.number(saying('expected seconds since boot')), v.minValue(0, saying('must be 0 or more'))),
		),
		last_pkmap_nr: v.optional(COUNT),
		pkmap_counts: v.optional(v.record(SLOT_KEY, COUNT)),
		vmalloc_areas: v.optional(
			v.array(
				v.strictObject({
					start: ADDRESS,
					/** Guard page included. */
					bytes: v.pipe(COUNT, v.multipleOf(4096, saying('a size is a multiple of 4096 (guard page included)'))),
					caller: v.optional(v.string()),
				}),
			),
		),
		slabs: v.optional(v.array(v.strictObject({ cache: v.string(), slab: ADDRESS, used: COUNT }))),
		kmap_atomic_idx: v.optional(v.array(COUNT)),
	}),
	v.transform(
		(file): BootState => ({
			...(file.time !== undefined && { timeSeconds: file.time }),
			...(file.last_pkmap_nr !== undefined && { lastPkmapNr: file.last_pkmap_nr }),
			...(file.pkmap_counts !== undefined && { pkmapCounts: file.pkmap_counts }),
			...(file.vmalloc_areas !== undefined && {
				vmallocAreas: file.vmalloc_areas.map(({ start, bytes, caller }) => ({
					start,
					bytes,
					...(caller !== undefined && { caller }),
				})),
			}),
			...(file.slabs !== undefined && { slabs: file.slabs }),
			...(file.kmap_atomic_idx !== undefined && { kmapAtomicIdx: file.kmap_atomic_idx }),
		}),
	),
);

/**
 * Read a boot state from YAML.
 * @throws {UserError} at the line and column of the first mistake.
 */
export const parseBootState = (text: string, fileName: string): BootState =>
	readYaml(bootStateSchema, text, fileName).value;
