import { describe, expect, it } from 'vitest';
import type { Pfn, VirtualAddress } from '../../../source/machine/address.ts';
import { Kernel } from '../../../source/memory/kernel.ts';
import recorded from '../../fixtures/oracle-kmaps.json' with { type: 'json' };
import { highmemPage, highmemPages } from '../boot-kernel.ts';
import { oracleMachine } from '../oracle-machine.ts';

interface Step {
	readonly op: string;
	readonly page: string;
	readonly result?: string;
	readonly slot?: number;
	readonly count?: number;
	readonly last_pkmap_nr?: number;
	readonly page_address_after?: string;
}

const hex = (address: number) => `0x${address.toString(16).padStart(8, '0')}`;

describe.each(recorded)('kmap of $run', run => {
	const machine = oracleMachine(run.machine);

	it('takes the recorded slots with the recorded counts', () => {
		const kernel = Kernel.boot(machine, { lastPkmapNr: run.kmap.lastPkmapNr });
		const pages = new Map<string, Pfn>();
		const pkmap = kernel.view.pkmap;
		if (!pkmap) throw new Error('no pkmap');
		for (const step of run.kmap.ops as Step[]) {
			const page = pages.get(step.page) ?? highmemPage(kernel);
			pages.set(step.page, page);
			if (step.op === 'kmap') expect([step, hex(kernel.kmap(page))]).toEqual([step, step.result]);
			if (step.op === 'kunmap') kernel.kunmap(page);
			const after = step.op === 'page_address' ? step.result : step.page_address_after;
			if (after !== undefined) expect([step, hex(kernel.pageAddress(page))]).toEqual([step, after]);
			// -1: that kernel did not let the probe see its counts.
			if (step.count !== undefined && step.count >= 0) expect(pkmap.count(step.slot ?? -1)).toBe(step.count);
			if (step.last_pkmap_nr !== undefined && step.last_pkmap_nr >= 0) {
				expect(pkmap.lastPkmapNr).toBe(step.last_pkmap_nr);
			}
		}
	});

	it.each(run.nest)('nests kmap_atomic on CPU $cpu as recorded', nest => {
		const kernel = Kernel.boot(machine);
		kernel.context.switchCpu(nest.cpu);
		const [h0, h1, h2, h3, h5] = highmemPages(kernel, 5) as [Pfn, Pfn, Pfn, Pfn, Pfn];
		const first = [h0, h1, h2, h0].map(page => kernel.kmapAtomic(page));
		for (const address of first.slice(2).reverse()) kernel.kunmapAtomic(address);
		const third = kernel.kmapAtomic(h3);
		for (const address of [third, ...first.slice(0, 2).reverse()]) kernel.kunmapAtomic(address);
		const last = kernel.kmapAtomic(h5);
		kernel.kunmapAtomic(last as VirtualAddress);
		const expected = [
			nest.H0,
			nest.H1,
			nest.H2,
			nest.H0_again,
			nest.after_unmap_of_2_map_H3,
			nest.all_unmapped_then_H5,
		];
		expect([...first, third, last].map(hex)).toEqual(expected);
		expect(kernel.context.cpu).toMatchObject({ preemptCount: 0, pagefaultDisabled: 0, kmapAtomicIdx: 0 });
	});

	it('maps a page that sits in pkmap where that kernel does', () => {
		type Recording = { readonly same: number; readonly count_during: number };
		const [used, stale] = run.kmapped as unknown as [Recording, Recording];
		for (const [recording, isUsed] of [
			[used, true],
			[stale, false],
		] as const) {
			const kernel = Kernel.boot(machine);
			const page = highmemPage(kernel);
			const address = kernel.kmap(page);
			if (!isUsed) kernel.kunmap(page);
			const atomic = kernel.kmapAtomic(page);
			expect(atomic === address).toBe(recording.same === 1);
			const slot = kernel.view.pkmap?.lastPkmapNr ?? 0;
			if (recording.count_during >= 0) expect(kernel.view.pkmap?.count(slot)).toBe(recording.count_during);
			kernel.kunmapAtomic(atomic);
			expect(kernel.view.pkmap?.count(slot)).toBe(isUsed ? 2 : 1);
		}
	});
});
