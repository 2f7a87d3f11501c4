import { header } from './item.ts';

/** include/linux/highmem.h: what is done to pages through a short mapping. */
export const HIGHMEM_HEADERS = [
	...header(
		{},
		`
void clear_page(void *page) { memset(page, 0, PAGE_SIZE); }

void copy_page(void *to, void *from) { memcpy(to, from, PAGE_SIZE); }

void clear_user_highpage(struct page *page, unsigned long vaddr) { clear_highpage(page); }

void copy_user_highpage(struct page *to, struct page *from, unsigned long vaddr, void *vma) { copy_highpage(to, from); }

struct page *alloc_zeroed_user_highpage_movable(void *vma, unsigned long vaddr)
{
	struct page *page = alloc_page(GFP_HIGHUSER);
	if (page)
		clear_highpage(page);
	return page;
}

void flush_dcache_page(struct page *page) { page_to_pfn(page); }

#define flush_kernel_dcache_page(page) flush_dcache_page(page)

#define flush_icache_range(start, end) ((void)(start), (void)(end))
`,
	),
	...header(
		{ since: '2.6.25' },
		`
void zero_user_segments(struct page *page, unsigned start1, unsigned end1, unsigned start2, unsigned end2)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(2, 6, 37)
	char *at = kmap_atomic(page, KM_USER0);
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(5, 11, 0)
	char *at = kmap_local_page(page);
#else
	char *at = kmap_atomic(page);
#endif
	BUG_ON(end1 > PAGE_SIZE || end2 > PAGE_SIZE);
	if (end1 > start1)
		memset(at + start1, 0, end1 - start1);
	if (end2 > start2)
		memset(at + start2, 0, end2 - start2);
#if LINUX_VERSION_CODE < KERNEL_VERSION(2, 6, 37)
	kunmap_atomic(at, KM_USER0);
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(5, 11, 0)
	kunmap_local(at);
#else
	kunmap_atomic(at);
#endif
}

void zero_user_segment(struct page *page, unsigned start, unsigned end) { zero_user_segments(page, start, end, 0, 0); }

void zero_user(struct page *page, unsigned start, unsigned size) { zero_user_segments(page, start, start + size, 0, 0); }
`,
	),
	...header(
		{ before: '2.6.25' },
		`
void zero_user_page(struct page *page, unsigned offset, unsigned size, int type)
{
	char *at = kmap_atomic(page, type);
	memset(at + offset, 0, size);
	kunmap_atomic(at, type);
}

void memclear_highpage_flush(struct page *page, unsigned offset, unsigned size)
{
	zero_user_page(page, offset, size, KM_USER0);
}
`,
	),
	...header(
		{ since: '5.12' },
		`
void memcpy_from_page(char *to, struct page *page, size_t offset, size_t len)
{
	char *at = kmap_local_page(page);
	memcpy(to, at + offset, len);
	kunmap_local(at);
}

void memcpy_to_page(struct page *page, size_t offset, const char *from, size_t len)
{
	char *at = kmap_local_page(page);
	memcpy(at + offset, from, len);
	kunmap_local(at);
}

void memset_page(struct page *page, size_t offset, int val, size_t len)
{
	char *at = kmap_local_page(page);
	memset(at + offset, val, len);
	kunmap_local(at);
}

void memcpy_page(struct page *to_page, size_t to, struct page *from_page, size_t from, size_t len)
{
	char *target = kmap_local_page(to_page);
	char *source = kmap_local_page(from_page);
	memcpy(target + to, source + from, len);
	kunmap_local(source);
	kunmap_local(target);
}

void memmove_page(struct page *to_page, size_t to, struct page *from_page, size_t from, size_t len)
{
	char *target = kmap_local_page(to_page);
	char *source = kmap_local_page(from_page);
	memmove(target + to, source + from, len);
	kunmap_local(source);
	kunmap_local(target);
}
`,
	),
	...header(
		{ since: '5.13' },
		`
void memzero_page(struct page *page, size_t offset, size_t len) { memset_page(page, offset, 0, len); }
`,
	),
	...header(
		{ since: '5.11' },
		`
void *kmap_local_pfn(unsigned long pfn) { return kmap_local_page(pfn_to_page(pfn)); }
`,
	),
	...header(
		{ since: '2.6.37', before: '5.11' },
		`
void *kmap_atomic_pfn(unsigned long pfn) { return kmap_atomic(pfn_to_page(pfn)); }
`,
	),
	...header(
		{ before: '2.6.37' },
		`
void *kmap_atomic_pfn(unsigned long pfn, int type) { return kmap_atomic(pfn_to_page(pfn), type); }
`,
	),
];
