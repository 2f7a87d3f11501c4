import { describe, expect, it } from 'vitest';
import { type PhysicalAddress, physicalToPfn, virtual } from '../../../source/machine/address.ts';
import { MACHINES } from '../../../source/machine/machines.ts';
import { Kernel } from '../../../source/memory/kernel.ts';

// mm/page_alloc.c: free_initmem gives .init back; swapper_pg_dir lies in .data or .bss (x86), or in front of the text.
describe.each(MACHINES.map(machine => [machine.id, machine] as const))(
	'the page tables of boot on %s',
	(_, machine) => {
		it('lie in pages that nobody else is given', () => {
			const { view } = Kernel.boot(machine);
			const { pageOffset, pkmap, vmallocStart, fixmap } = view.layout;
			for (const address of [pageOffset, vmallocStart, fixmap.start, pkmap?.base ?? pageOffset]) {
				for (const { entry } of view.paging.walk(virtual(address))) {
					const page = view.pages.page(physicalToPfn(entry as PhysicalAddress));
					expect(page?.state ?? 'reserved').toBe('reserved');
				}
			}
		});
	},
);
