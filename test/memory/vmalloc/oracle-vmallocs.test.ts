import { describe, expect, it } from 'vitest';
import type { Pfn, VirtualAddress } from '../../../source/machine/address.ts';
import { Kernel } from '../../../source/memory/kernel.ts';
import recorded from '../../fixtures/oracle-vmallocs.json' with { type: 'json' };
import { oracleMachine } from '../oracle-machine.ts';

interface Step {
	readonly do: string;
	readonly name?: string;
	readonly bytes?: number;
	readonly physical?: number;
	readonly at?: string;
	readonly pages?: number;
	readonly chunks?: number;
	readonly first?: string;
	readonly last?: string;
}

const bootOf = (run: (typeof recorded)[number]): Kernel => {
	const ranges = [...run.taken, ...run.lazy].map(([start, end]) => ({
		start: Number(start),
		bytes: Number(end) - Number(start),
	}));
	const kernel = Kernel.boot(oracleMachine(run.machine), { vmallocAreas: ranges });
	for (const [start] of run.lazy) kernel.vfree(Number(start) as VirtualAddress);
	return kernel;
};

const hex = (address: number) => `0x${address.toString(16).padStart(8, '0')}`;

// What kernels 4.4, 4.19 and 6.1 answered, from the state that the recording shows.
describe.each(recorded)('vmalloc and ioremap of $run', run => {
	it('gives the recorded addresses', () => {
		const kernel = bootOf(run);
		const held = new Map<string, VirtualAddress>();
		let chunks: VirtualAddress[] = [];
		const page = 0x1000 as Pfn;
		const map = (pages: number) => kernel.vmap(new Array(pages).fill(page));
		for (const step of run.ops as Step[]) {
			const name = step.name ?? '';
			const address = held.get(name);
			switch (step.do) {
				case 'vmalloc':
				case 'ioremap': {
					const bytes = step.bytes ?? 0;
					const given = step.do === 'vmalloc' ? kernel.vmalloc(bytes) : kernel.ioremap(step.physical ?? 0, bytes);
					expect([step, hex(given)]).toEqual([step, step.at]);
					held.set(name, given);
					break;
				}
				case 'vfree':
					kernel.vfree(address as VirtualAddress);
					break;
				case 'iounmap':
					kernel.iounmap(address as VirtualAddress);
					break;
				case 'purge':
					kernel.vmUnmapAliases();
					break;
				case 'fill':
					for (let chunk = map(step.pages ?? 0); chunk !== 0; chunk = map(step.pages ?? 0)) chunks.push(chunk);
					expect([chunks.length, ...chunks.slice(0, 1).map(hex), ...chunks.slice(-1).map(hex)]).toEqual([
						step.chunks,
						step.first,
						step.last,
					]);
					break;
				case 'refill':
					kernel.vunmap(chunks[10] as VirtualAddress);
					chunks = [map(255)];
					expect(chunks.map(hex)).toEqual([step.at]);
					break;
				default:
					expect.unreachable(step.do);
			}
		}
	});
});
