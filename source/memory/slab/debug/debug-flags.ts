import { atLeast } from '../../../machine/kernel-version.ts';
import type { Machine } from '../../../machine/machine.ts';

/** What slub_debug checks and keeps of the objects of one cache (linux/slab.h: SLAB_DEBUG_FLAGS). */
export interface SlabDebugFlags {
	/** `F`, SLAB_CONSISTENCY_CHECKS: objects and lists are looked at with every kmalloc and kfree. */
	readonly isChecked: boolean;
	/** `Z`, SLAB_RED_ZONE: bytes around an object that nobody may write. */
	readonly hasRedZones: boolean;
	/** `P`, SLAB_POISON: a free object is filled with a pattern. */
	readonly isPoisoned: boolean;
	/** `U`, SLAB_STORE_USER: who allocated and who freed it. */
	readonly hasTracks: boolean;
}

/** DEBUG_DEFAULT_FLAGS: what `slub_debug` without letters means. */
const DEFAULT_LETTERS = 'fzpu';

/** What holds for a cache; undefined when the kernel leaves it alone (mm/slub.c: setup_slub_debug, kmem_cache_flags). */
export const slabDebugFlags = (machine: Machine, cacheName: string): SlabDebugFlags | undefined => {
	const { slub } = machine.debug;
	if (slub === undefined) return undefined;
	const block = slub.split(';').find(text => namesCache(machine, text, cacheName));
	if (block === undefined) return undefined;
	const [letters = ''] = block.toLowerCase().split(',');
	const has = (letter: string) => (letters === '' ? DEFAULT_LETTERS : letters).includes(letter);
	const flags = { isChecked: has('f'), hasRedZones: has('z'), isPoisoned: has('p'), hasTracks: has('u') };
	return Object.values(flags).includes(true) ? flags : undefined;
};

/** Whether a block of the parameter (`FZ,kmalloc-64`) means that cache; before 5.0 what follows the comma begins its name. */
const namesCache = ({ kernel }: Machine, block: string, cacheName: string): boolean => {
	const comma = block.indexOf(',');
	const names = comma < 0 ? '' : block.slice(comma + 1);
	if (names === '') return true;
	if (!atLeast(kernel, '5.0')) return cacheName.startsWith(names);
	return names
		.split(',')
		.some(name => (name.endsWith('*') ? cacheName.startsWith(name.slice(0, -1)) : name === cacheName));
};
