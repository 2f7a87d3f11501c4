import { computeLayout } from '../../layout/compute-layout.ts';
import { pfn as pfnOf } from '../../machine/address.ts';
import type { Machine } from '../../machine/machine.ts';
import { Kernel } from '../../memory/kernel.ts';
import { gfpBits } from '../../memory/pages/gfp.ts';
import { ProbeKernel } from '../probe-kernel/probe-kernel.ts';
import type { Trail } from '../trail.ts';
import { type Skipped, skip } from '../undetermined.ts';

/** Lowmem pages that the probe puts up with while it waits for pages of HighMem; an early form of it gave up sooner. */
const MOST_LOWMEM = 40000;
const MOST_LOWMEM_EARLY = 4096;

/** LAST_PKMAP; 0 without CONFIG_HIGHMEM. */
export const kmapSlots = (machine: Machine): number => computeLayout(machine).pkmap?.slots ?? 0;

/** geth() of the probe: pages of GFP_HIGHUSER until `want` of them are highmem. */
export const takeHighmem = (
	machine: Machine,
	want: number,
	recorded: number,
): { highmem: number; lowmem: number | Skipped } => {
	const kernel = Kernel.boot(machine);
	const { pages } = kernel.parts;
	const bits = gfpBits(machine.kernel);
	const most = recorded === MOST_LOWMEM_EARLY ? MOST_LOWMEM_EARLY : MOST_LOWMEM;
	let [highmem, lowmem] = [0, 0];
	let isOut = false;
	while (highmem < want) {
		const pfn = kernel.allocPages(bits.kernel | bits.highmem | bits.nowarn, 0);
		isOut = pfn < 0;
		if (isOut) break;
		if (kernel.isHighmemPage(pfnOf(pfn))) highmem++;
		else if (lowmem < most) lowmem++;
		else break;
	}
	if (isOut) return { highmem, lowmem: skip('free pages') };
	return { highmem, lowmem: pages.rules.hasFairZones && highmem > 0 ? skip('pages taken in turn') : lowmem };
};

/** The kernel of the probe as it was at module load: the kmaps of the boot have used the slots up to the cursor. */
export const bootProbe = (trail: Trail, machine: Machine): ProbeKernel => {
	const state = trail.operations.find(({ op }) => op === 'pkmap_state');
	const first = trail.operations.find(({ op }) => op === 'kmap');
	const shown = Number(state?.last_pkmap_nr ?? -1);
	const cursor = Math.max(0, shown >= 0 ? shown : Number(first?.slot ?? 1) - 1);
	const slots = Array.from({ length: cursor }, (_, index) => [index + 1, 1] as const);
	const kernel = Kernel.boot(machine, { lastPkmapNr: cursor, pkmapCounts: Object.fromEntries(slots) });
	// Loading a module changes the attributes of its pages on x86, and that unmaps what nobody uses.
	if (kernel.parts.vmalloc.rules.moduleLoadPurges) kernel.kmapFlushUnused();
	return new ProbeKernel(kernel, trail);
};
