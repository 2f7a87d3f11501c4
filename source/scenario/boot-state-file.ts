import * as v from 'valibot';
import type { BootState } from '../memory/boot-state.ts';
import { readYaml } from './yaml-file.ts';

const count = (what: string) =>
	v.pipe(
		v.number(`expected ${what}`),
		v.integer(`expected ${what}, a whole number`),
		v.minValue(0, `${what} is 0 or more`),
	);

const ADDRESS = v.pipe(
	v.number('expected an address such as 0xf0800000'),
	v.integer('expected an address such as 0xf0800000'),
	v.minValue(0, 'an address is 0 or more'),
	v.maxValue(0xffffffff, 'an address has 32 bits'),
);

const SLOT_KEY = v.pipe(v.string(), v.regex(/^\d+$/, 'expected slot numbers as keys'));

/** `boot:` of a scenario and the whole of a `--boot-state` file: BootState with the spelling of YAML. */
export const bootStateSchema = v.pipe(
	v.strictObject({
		/** Seconds since boot. */
		time: v.optional(v.pipe(v.number('expected seconds since boot'), v.minValue(0, 'time is 0 or more'))),
		last_pkmap_nr: v.optional(count('a pkmap slot')),
		pkmap_counts: v.optional(v.record(SLOT_KEY, count('a count'))),
		vmalloc_areas: v.optional(
			v.array(
				v.strictObject({
					start: ADDRESS,
					/** Guard page included. */
					bytes: v.pipe(
						count('a size in bytes'),
						v.multipleOf(4096, 'a size is a multiple of 4096 (guard page included)'),
					),
					caller: v.optional(v.string()),
				}),
			),
		),
		slabs: v.optional(
			v.array(v.strictObject({ cache: v.string(), slab: ADDRESS, used: count('a number of objects') })),
		),
		kmap_atomic_idx: v.optional(v.array(count('a number of slots'))),
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
