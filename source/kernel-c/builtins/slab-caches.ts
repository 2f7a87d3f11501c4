import { virtual } from '../../machine/address.ts';
import type { KmemCache } from '../../memory/slab/kmem-caches.ts';
import { type Environment, operation, query } from './builtin.ts';

/** The cache that C code hands over; a pointer to anything else has no meaning here. */
const cacheAt = (env: Environment, address: number): KmemCache => {
	env.touch(address);
	const cache = env.kernel.kmemCaches.at(address);
	if (cache) return cache;
	return env.fault(['bad kmem_cache'], 'this is not the address of a struct kmem_cache');
};

/** mm/slab_common.c, mm/slub.c */
export const slabCacheBuiltins = [
	operation(
		'struct kmem_cache *kmem_cache_create(const char *name, size_t size, size_t align, unsigned long flags, address ctor)',
		'a slab cache for objects of one size',
		(env, name = 0, bytes = 0, align = 0, flags = 0, construct = 0) =>
			env.kernel.kmemCaches.create(env.readString(name), bytes, align, flags, construct),
	),
	operation(
		'void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t flags)',
		'an object of a slab cache',
		(env, address = 0, gfp = 0) => {
			const cache = cacheAt(env, address);
			return env.kernel.kmemCaches.alloc(cache, gfp, object => env.callback(cache.construct, [object]));
		},
	),
	operation(
		'void kmem_cache_free(struct kmem_cache *cache, void *objp)',
		'give an object back to its slab cache',
		(env, address = 0, object = 0) => {
			cacheAt(env, address);
			if (object !== 0) env.kernel.kfree(virtual(object));
		},
	),
	operation('void kmem_cache_destroy(struct kmem_cache *cache)', 'give up a slab cache', (env, address = 0) => {
		if (address === 0) return;
		cacheAt(env, address);
		env.kernel.kmemCaches.destroy(virtual(address));
	}),
	query(
		'unsigned int kmem_cache_size(struct kmem_cache *cache)',
		'size of the objects of a slab cache',
		(env, address = 0) => cacheAt(env, address).bytes,
	),
];
