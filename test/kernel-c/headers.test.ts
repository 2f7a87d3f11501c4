import { describe, expect, it } from 'vitest';
import { Compiler } from '../../source/kernel-c/compiler.ts';
import { HEADER_ITEMS } from '../../source/kernel-c/headers/index.ts';
import { loadC } from '../../source/kernel-c/load-c.ts';
import { KernelWorld } from '../../source/kernel-c/world.ts';
import { MACHINES } from '../../source/machine/machines.ts';
import { Kernel } from '../../source/memory/kernel.ts';

describe('what the headers define in C', () => {
	it('compiles on every machine that has it', async () => {
		await loadC();
		const compiled = new Set<string>();
		for (const machine of MACHINES) {
			const world = new KernelWorld(Kernel.boot(machine).view);
			const { headers } = new Compiler(world);
			for (const { name, kind } of world.headers) {
				if (kind === 'macro') continue;
				const found = kind === 'struct' ? headers.findTag(name) : headers.find(name);
				expect(found, `${name} on ${machine.id}`).toBeDefined();
				compiled.add(name);
			}
		}
		const missing = HEADER_ITEMS.filter(({ name, kind }) => kind !== 'macro' && !compiled.has(name));
		expect(missing.map(({ name }) => name)).toEqual([]);
	});
});
