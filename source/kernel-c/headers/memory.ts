import { header } from './item.ts';

/** include/linux/slab.h, mempool.h, mm.h, vmalloc.h, mmzone.h. */
export const MEMORY_HEADERS = [
	...header(
		{},
		`
void *kmem_cache_zalloc(struct kmem_cache *cache, gfp_t flags)
{
	void *object = kmem_cache_alloc(cache, flags);
	if (object)
		memset(object, 0, kmem_cache_size(cache));
	return object;
}

void *krealloc(const void *p, size_t new_size, gfp_t flags)
{
	void *bigger;
	if (!new_size) {
		kfree(p);
		return (void *)16;
	}
	if (p && ksize(p) >= new_size)
		return (void *)p;
	bigger = kmalloc(new_size, flags);
	if (bigger && p) {
		memcpy(bigger, p, ksize(p));
		kfree(p);
	}
	return bigger;
}

void kzfree(const void *p)
{
	if (p)
		memset((void *)p, 0, ksize(p));
	kfree(p);
}

#define ZERO_SIZE_PTR ((void *)16)

#define ZERO_OR_NULL_PTR(x) ((unsigned long)(x) <= 16)

#define KMEM_CACHE(tag, flags) kmem_cache_create(#tag, sizeof(struct tag), __alignof__(struct tag), flags, NULL)

typedef void *(*mempool_alloc_t)(gfp_t, void *);

typedef void (*mempool_free_t)(void *, void *);

struct mempool_s { int min_nr, curr_nr; void **elements; void *pool_data; mempool_alloc_t alloc; mempool_free_t free; };

typedef struct mempool_s mempool_t;

void *mempool_kmalloc(gfp_t gfp_mask, void *pool_data) { return kmalloc((size_t)pool_data, gfp_mask); }

void mempool_kfree(void *element, void *pool_data) { kfree(element); }

void *mempool_alloc_slab(gfp_t gfp_mask, void *pool_data) { return kmem_cache_alloc((struct kmem_cache *)pool_data, gfp_mask); }

void mempool_free_slab(void *element, void *pool_data) { kmem_cache_free((struct kmem_cache *)pool_data, element); }

void *mempool_alloc_pages(gfp_t gfp_mask, void *pool_data) { return alloc_pages(gfp_mask, (unsigned int)pool_data); }

void mempool_free_pages(void *element, void *pool_data) { __free_pages((struct page *)element, (unsigned int)pool_data); }

void mempool_destroy(mempool_t *pool)
{
	if (!pool)
		return;
	while (pool->curr_nr)
		pool->free(pool->elements[--pool->curr_nr], pool->pool_data);
	kfree(pool->elements);
	kfree(pool);
}

mempool_t *mempool_create(int min_nr, mempool_alloc_t alloc_fn, mempool_free_t free_fn, void *pool_data)
{
	mempool_t *pool = kzalloc(sizeof(*pool), GFP_KERNEL);
	if (!pool)
		return NULL;
	pool->elements = kmalloc(min_nr * sizeof(void *), GFP_KERNEL);
	pool->min_nr = min_nr;
	pool->pool_data = pool_data;
	pool->alloc = alloc_fn;
	pool->free = free_fn;
	while (pool->curr_nr < min_nr) {
		void *element = alloc_fn(GFP_KERNEL, pool_data);
		if (!element) {
			mempool_destroy(pool);
			return NULL;
		}
		pool->elements[pool->curr_nr++] = element;
	}
	return pool;
}

#define mempool_create_kmalloc_pool(min_nr, size) mempool_create(min_nr, mempool_kmalloc, mempool_kfree, (void *)(unsigned long)(size))

#define mempool_create_slab_pool(min_nr, kc) mempool_create(min_nr, mempool_alloc_slab, mempool_free_slab, (void *)(kc))

#define mempool_create_page_pool(min_nr, order) mempool_create(min_nr, mempool_alloc_pages, mempool_free_pages, (void *)(unsigned long)(order))

void *mempool_alloc(mempool_t *pool, gfp_t gfp_mask)
{
	void *element = pool->alloc(gfp_mask | __GFP_NOWARN, pool->pool_data);
	if (element)
		return element;
	return pool->curr_nr ? pool->elements[--pool->curr_nr] : NULL;
}

void mempool_free(void *element, mempool_t *pool)
{
	if (!element)
		return;
	if (pool->curr_nr < pool->min_nr)
		pool->elements[pool->curr_nr++] = element;
	else
		pool->free(element, pool->pool_data);
}

void *alloc_pages_exact(size_t size, gfp_t gfp)
{
	unsigned int order = get_order(size);
	unsigned long addr = __get_free_pages(gfp, order), used;
	if (!addr)
		return NULL;
	split_page(virt_to_page((void *)addr), order);
	for (used = addr + PAGE_ALIGN(size); used < addr + (PAGE_SIZE << order); used += PAGE_SIZE)
		free_page(used);
	return (void *)addr;
}

void free_pages_exact(void *virt, size_t size)
{
	unsigned long addr = (unsigned long)virt, end = addr + PAGE_ALIGN(size);
	for (; addr < end; addr += PAGE_SIZE)
		free_page(addr);
}

#define page_mapped(page) (page_mapcount(page) > 0)

#define for_each_zone(zone) for ((zone) = __zone_number(0); (zone); (zone) = __zone_number(zone_idx(zone) + 1))

#define for_each_populated_zone(zone) for_each_zone(zone) if ((zone)->present_pages)

#define populated_zone(zone) ((zone)->present_pages != 0)

#define zone_page_state(zone, item) __zone_free(zone)

#define set_page_private(page, v) ((page)->private = (v))

#define page_private(page) ((page)->private)

#define virt_to_head_page(x) virt_to_page(x)

#define compound_head(page) (page)

#define page_to_nid(page) ((void)(page), 0)

#define numa_node_id() 0

#define alloc_pages_node(nid, gfp, order) alloc_pages(gfp, order)

#define kmalloc_node(size, flags, node) kmalloc(size, flags)

#define kzalloc_node(size, flags, node) kzalloc(size, flags)

#define vmalloc_node(size, node) vmalloc(size)

void *vmalloc_user(unsigned long size)
{
	void *area = vmalloc(size);
	if (area)
		memset(area, 0, PAGE_ALIGN(size));
	return area;
}

struct sysinfo { long uptime; unsigned long totalram, freeram, sharedram, bufferram, totalswap, freeswap; unsigned short procs; unsigned long totalhigh, freehigh; unsigned int mem_unit; };

void si_meminfo(struct sysinfo *val)
{
	memset(val, 0, sizeof(*val));
	val->totalram = totalram_pages;
	val->freeram = nr_free_pages();
	val->totalhigh = totalhigh_pages;
	val->freehigh = nr_free_highpages();
	val->mem_unit = PAGE_SIZE;
}
`,
	),
	...header(
		{ since: '4.12' },
		'#define kvzalloc(size, flags) kvmalloc(size, (flags) | __GFP_ZERO)\n\n#define kvmalloc_array(n, size, flags) kvmalloc((n) * (size), flags)',
	),
	...header(
		{ since: '5.0' },
		'#define zone_managed_pages(zone) ((zone)->managed_pages)\n\n#define zone_end_pfn(zone) ((zone)->zone_start_pfn + (zone)->spanned_pages)',
	),
	...header({ since: '5.0' }, '#define totalram_pages() totalram_pages\n\n#define totalhigh_pages() totalhigh_pages'),
	...header({ since: '5.9' }, '#define kfree_sensitive(p) kzfree(p)'),
	...header({ before: '5.8' }, '#define __vmalloc(size, gfp, prot) vmalloc(size)'),
	...header({ since: '5.8' }, '#define __vmalloc(size, gfp) vmalloc(size)'),
];
