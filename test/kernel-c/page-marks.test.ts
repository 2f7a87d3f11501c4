import { describe, expect, it } from 'vitest';
import { openShell, X86 } from './shell.ts';

describe('alloc_pages_exact', () => {
	it('gives back the rest of its block, page by page (mm/page_alloc.c: make_alloc_exact)', async () => {
		const { say, kernel } = await openShell();
		const free = () => Number(say('nr_free_pages()'));
		const onLists = () =>
			kernel.view.pages.zones.reduce((sum, { perCpuPages }) => sum + perCpuPages.reduce((all, own) => all + own, 0), 0);
		const before = free() + onLists();
		say('p = (char *)alloc_pages_exact(5 * PAGE_SIZE, GFP_KERNEL)');
		expect(before - free() - onLists()).toBe(5);
		expect(say('page_count(virt_to_page(p + 4 * PAGE_SIZE))')).toBe('1');
		say('free_pages_exact(p, 5 * PAGE_SIZE)');
		expect(free() + onLists()).toBe(before);
	});
});

describe('PG_reserved', () => {
	it('is set and cleared page by page', async () => {
		const { say } = await openShell();
		say('page = alloc_pages(GFP_KERNEL, 1)', 'SetPageReserved(page + 1)');
		expect(say('PageReserved(page)')).toBe('0');
		expect(say('PageReserved(page + 1)')).toBe('1');
		say('ClearPageReserved(page + 1)', '__free_pages(page, 1)');
		expect(say('page_count(page)')).toBe('0');
	});

	it('keeps a page from being freed: it is reported and lost', async () => {
		const { say, log } = await openShell(X86);
		say(
			'page = alloc_pages(GFP_KERNEL, 4)',
			'SetPageReserved(page)',
			'free = nr_free_pages()',
			'__free_pages(page, 4)',
		);
		expect(log().some(line => /^BUG: Bad page state in process \w+ {2}pfn:/.test(line))).toBe(true);
		expect(say('nr_free_pages() - free')).toBe('0');
	});
});

describe('page_mapcount', () => {
	it('counts the processes that map a page', async () => {
		const { say } = await openShell();
		say('u = (char *)mmap(0, PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)', '*u = 1');
		say('struct page *mine', 'get_user_pages_fast((unsigned long)u, 1, 1, &mine)');
		expect(say('page_mapcount(mine)')).toBe('1');
		expect(say('page_count(mine)')).toBe('2');
		say('munmap(u, PAGE_SIZE)');
		expect(say('page_mapcount(mine)')).toBe('0');
	});
});

describe('struct mm_struct', () => {
	it('tells a process’s root table, its areas and who uses it', async () => {
		const { say, kernel } = await openShell(X86);
		say('u = mmap(0, 3 * PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)');
		const [process] = kernel.view.processes;
		expect(Number(say('virt_to_phys(current->mm->pgd)'))).toBe(process?.root);
		expect(say('current->mm->map_count')).toBe('1');
		expect(say('current->mm->total_vm')).toBe('3');
		expect(say('atomic_read(&current->mm->mm_users)')).toBe('1');
		expect(Number(say('virt_to_phys(init_mm.pgd)'))).toBe(kernel.view.paging.root);
	});

	it('says nothing of code and data, since programs have no image here', async () => {
		const { mistake } = await openShell();
		expect(mistake('current->mm->start_code')).toBe(
			'1:14: struct mm_struct has no member start_code (here it has pgd, map_count, total_vm, task_size, mm_users)',
		);
	});
});
