import { virtual } from '../../../../source/machine/address.ts';
import { atLeast } from '../../../../source/machine/kernel-version.ts';
import { kmallocClass } from '../model/kmalloc-class.ts';
import { PlainBug } from '../model/plain-bug.ts';
import type { Program } from '../program.ts';
import type { Step } from '../step.ts';
import { Difference, KILLED } from '../twin.ts';

const MOST_OBJECTS = 1200;
const ZERO_SIZE_PTR = 16;

export const kmalloc = (program: Program, { a, b, c }: Step): void => {
	const { twin, objects } = program;
	const { kernel, model } = twin;
	if (objects.length > MOST_OBJECTS) {
		kfree(program, { kind: 'kfree', a, b, c });
		return;
	}
	const bytes = a % (b % 20 === 0 ? 200_000 : b % 4 === 0 ? 9000 : 300);
	const gfp = twin.gfp(program.isAtomic ? 'GFP_ATOMIC' : 'GFP_KERNEL') | twin.gfp('__GFP_NOWARN');
	const isZeroed = c % 4 === 0;
	const name = isZeroed ? 'kzalloc' : 'kmalloc';
	const size = kmallocClass(model.machine, bytes);
	const got = twin.do(
		`${name}(${bytes})`,
		() => kernel[name](bytes, gfp) as number,
		address => {
			if (bytes === 0) return ZERO_SIZE_PTR;
			if (address === 0 && model.pages.failures > 0) return 0;
			if (address < model.layout.pageOffset || address + size > model.layout.highMemory)
				throw new Difference('kmalloc gave an address that is no lowmem');
			if (address % (size === 96 || size === 192 ? Math.min(64, model.machine.kmallocMinBytes) : Math.min(size, 4096)))
				throw new Difference('kmalloc gave an address that is not aligned');
			twin.same('ksize', kernel.ksize(virtual(address)), size);
			if (isZeroed) model.bytes.clearBytes(address - model.layout.pageOffset + model.layout.physOffset, size);
			return address;
		},
	);
	if (got === KILLED || got === 0 || got === ZERO_SIZE_PTR) return;
	objects.push({ address: got, bytes: size });
	program.remember(got, got + size - 4);
};

const release = ({ twin }: Program, address: number, isGood: boolean): void => {
	twin.do(
		`kfree(0x${address.toString(16)})`,
		() => {
			twin.kernel.kfree(virtual(address));
			return twin.model.pages.objects.has(address);
		},
		() => {
			if (!isGood) throw new PlainBug('the object is free already');
			return false;
		},
	);
};

export const kfree = (program: Program, { a }: Step): void => {
	const object = program.take(program.objects, a);
	if (object) release(program, object.address, true);
};

/** CONFIG_SLAB_FREELIST_HARDENED (4.14) sees an object freed twice in a row; older kernels would be ruined by it. */
export const kfreeTwice = (program: Program, { a }: Step): void => {
	const { machine } = program.twin.model;
	if (!atLeast(machine.kernel, '4.14') || machine.debug.slabHardened === false) return;
	const object = program.take(
		program.objects.filter(({ bytes }) => bytes <= 8192),
		a,
	);
	if (!object) return;
	program.objects.splice(program.objects.indexOf(object), 1);
	const cpu = program.twin.kernel.context.cpu.id;
	release(program, object.address, true);
	const found = program.twin.kernel.parts.slab.find(virtual(object.address));
	// Only the newest object on a list is compared, and an empty slab may be gone altogether.
	if (!found || cpu !== program.twin.kernel.context.cpu.id) return;
	release(program, object.address, false);
};
