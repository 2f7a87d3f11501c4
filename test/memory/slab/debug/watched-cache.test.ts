import { describe, expect, it } from 'vitest';
import { virtual } from '../../../../source/machine/address.ts';
import { withCommandLine } from '../../../../source/machine/kernel-command-line.ts';
import { checkInvariants } from '../../../../source/memory/invariants/invariants.ts';
import { Kernel } from '../../../../source/memory/kernel.ts';
import { faultMachine } from '../../../../source/oracle/faults/fault-machines.ts';
import { Session } from '../../../../source/session/session.ts';

const GFP_KERNEL = 0xcc0;
const boot = (name: string, commandLine = ''): Kernel => Kernel.boot(withCommandLine(faultMachine(name), commandLine));
const bytes = (kernel: Kernel, address: number, count: number): string =>
	Array.from({ length: count }, (_, at) => Number(kernel.read(virtual(address + at), 1)).toString(16)).join(' ');
const said = (kernel: Kernel): readonly string[] => kernel.view.log.map(({ text }) => text);

// Recorded: `Slab ... objects=N`, and how far an object's share reaches.
describe('with slub_debug a slab of kmalloc-64 holds fewer objects', () => {
	it.each([
		['x86-44-4g', 36, 112],
		['x86-419-4g', 34, 120],
		['arm-419', 21, 192],
		['deb510-686', 12, 320],
		['deb61-armmp', 21, 192],
		['deb612-armmp', 21, 192],
	])('%s: %d, one every %d bytes', (name, objects, stride) => {
		const { slab } = boot(`${name}+slub`).parts;
		const cache = slab.caches.find(one => one.name === 'kmalloc-64');
		expect([cache?.objectsPerSlab, cache?.spacing.stride, cache?.order]).toEqual([objects, stride, 0]);
	});

	it('and without it as many as fit', () => {
		const { slab } = boot('x86-419-4g').parts;
		expect(slab.caches.find(one => one.name === 'kmalloc-64')?.objectsPerSlab).toBe(64);
	});
});

describe('an object that slub_debug watches', () => {
	it('lies between red zones, filled with poison, and is zeroed on request only', () => {
		const kernel = boot('deb510-686+slub');
		const object = kernel.kmalloc(64, GFP_KERNEL);
		expect(bytes(kernel, object - 2, 4)).toBe('cc cc 6b 6b');
		expect(bytes(kernel, object + 62, 5)).toBe('6b a5 cc cc cc');
		expect(bytes(kernel, kernel.parts.slab.kzalloc(64, GFP_KERNEL), 3)).toBe('0 0 0');
		kernel.kfree(object);
		expect(bytes(kernel, object - 2, 3)).toBe('bb bb 6b');
		expect(bytes(kernel, object + 63, 2)).toBe('a5 bb');
	});

	it('comes by turns from both ends of a new slab, as deactivate_slab turned its list round', () => {
		const kernel = boot('x86-44-4g+slub');
		const [first = 0, ...others] = Array.from({ length: 5 }, () => kernel.kmalloc(64, GFP_KERNEL));
		// Recorded: c01c5000, c01c5f50, c01c5070, c01c5ee0, c01c50e0.
		expect(others.map(address => address - first)).toEqual([0xf50, 0x70, 0xee0, 0xe0]);
	});

	it('keeps the rules of the lists', () => {
		for (const name of ['x86-44-4g', 'x86-419-4g', 'deb510-armmp', 'deb61-686', 'deb612-armmp']) {
			const kernel = boot(`${name}+slub`);
			const objects = Array.from({ length: 100 }, () => kernel.kmalloc(64, GFP_KERNEL));
			for (const [index, object] of objects.entries()) if (index % 3 !== 0) kernel.kfree(object);
			expect(checkInvariants(kernel)).toEqual([]);
			for (const [index, object] of objects.entries()) if (index % 3 === 0) kernel.kfree(object);
			expect(checkInvariants(kernel)).toEqual([]);
			expect(said(kernel)).toEqual([]);
		}
	});

	it('whose link was written over is lost with its slab', () => {
		const kernel = boot('x86-419-4g+slub');
		const object = kernel.kmalloc(64, GFP_KERNEL);
		kernel.kfree(object);
		kernel.write(virtual(object + 68), 4, 0x33333333n);
		const next = kernel.kmalloc(64, GFP_KERNEL);
		expect(next >>> 12).not.toBe(object >>> 12);
		expect(said(kernel)).toContain('BUG kmalloc-64 (Not tainted): Freepointer corrupt');
		expect(said(kernel).at(-1)).toBe('FIX kmalloc-64: Marking all objects used');
	});
});

describe('slub_debug on the kernel command line', () => {
	const watches = (kernel: Kernel, name: string): boolean => {
		const cache = kernel.parts.slab.caches.find(one => one.name === name);
		return cache !== undefined && cache.spacing.stride !== cache.objectBytes;
	};

	it.each([
		['slub_debug', true, true],
		['slub_debug=FZPU', true, true],
		['slub_debug=Z,kmalloc-64', true, false],
		['slub_debug=,kmalloc-128', false, true],
		['slub_debug=F', false, false],
		['slub_debug=-', false, false],
		['slab_debug=P', false, false],
	])('%s: whether kmalloc-64 and kmalloc-128 are larger', (text, small, large) => {
		const kernel = boot('deb61-686', text);
		expect([watches(kernel, 'kmalloc-64'), watches(kernel, 'kmalloc-128')]).toEqual([small, large]);
	});

	it('is called slab_debug too since 6.9', () => {
		expect(watches(boot('deb612-armmp', 'slab_debug=P'), 'kmalloc-64')).toBe(true);
	});

	it('with F alone sees a second kfree, and keeps nothing else', () => {
		const kernel = boot('x86-419-4g', 'slub_debug=F');
		const object = kernel.kmalloc(64, GFP_KERNEL);
		kernel.kfree(object);
		kernel.kfree(object);
		expect(said(kernel)).toContain('BUG kmalloc-64 (Not tainted): Object already free');
		expect(checkInvariants(kernel)).toEqual([]);
	});
});

describe('what slub_debug keeps', () => {
	it('is as it was after undo', async () => {
		const session = await Session.open({ machine: faultMachine('x86-419-4g+slub'), readFile: () => '' });
		session.execute('char *p = kmalloc(64, GFP_KERNEL)');
		session.execute('p[64] = 1');
		const before = session.view.log.length;
		session.execute('kfree(p)');
		const report = session.view.log.slice(before).map(({ text }) => text);
		expect(report).toContain('BUG kmalloc-64 (Not tainted): Redzone overwritten');
		session.execute('undo');
		expect(session.view.log).toHaveLength(before);
		session.execute('kfree(p)');
		expect(session.view.log.slice(before).map(({ text }) => text)).toEqual(report);
	});
});
