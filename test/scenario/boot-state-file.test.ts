import { describe, expect, it } from 'vitest';
import { parseBootState } from '../../source/scenario/boot-state-file.ts';

describe('a boot state file', () => {
	it('spells the fields of the boot state with underscores', () => {
		const text = `time: 58.787147
last_pkmap_nr: 42
pkmap_counts: {7: 1, 8: 3}
vmalloc_areas: [{start: 0xf0800000, bytes: 0x1f000, caller: boot}]
slabs: [{cache: kmalloc-64, slab: 0xeea18000, used: 38}]
kmap_atomic_idx: [1, 0]
`;
		expect(parseBootState(text, 'board.yaml')).toEqual({
			timeSeconds: 58.787147,
			lastPkmapNr: 42,
			pkmapCounts: { 7: 1, 8: 3 },
			vmallocAreas: [{ start: 0xf0800000, bytes: 0x1f000, caller: 'boot' }],
			slabs: [{ cache: 'kmalloc-64', slab: 0xeea18000, used: 38 }],
			kmapAtomicIdx: [1, 0],
		});
	});

	it('may be empty of facts: that is a clean boot', () => {
		expect(parseBootState('{}', 'board.yaml')).toEqual({});
	});

	it.each([
		['time: -1', 'board.yaml:1:1: "time": must be 0 or more'],
		['last_pkmap_nr: 1.5', 'board.yaml:1:1: "last_pkmap_nr": expected a whole number'],
		[
			'vmalloc_areas:\n  - start: 0xf0800000\n    bytes: 100',
			'board.yaml:3:5: "vmalloc_areas.0.bytes": a size is a multiple of 4096',
		],
		[
			'vmalloc_areas:\n  - begin: 0xf0800000',
			'board.yaml:2:5: unknown key "begin" (known here: start, bytes, caller, kind, pages, physical, is_lazy)',
		],
		[
			'slabs:\n  - {cache: kmalloc-64, slab: 0x1eea18000, used: 1}',
			'board.yaml:2:25: "slabs.0.slab": an address has 32 bits',
		],
		['pkmap_counts: {first: 1}', 'board.yaml:1:16: "pkmap_counts.first": expected slot numbers as keys'],
	])('%s is a mistake', (text, line) => {
		expect(() => parseBootState(text, 'board.yaml')).toThrowError(
			expect.objectContaining({ line: expect.stringContaining(line) }),
		);
	});
});
