import { describe, expect, it } from 'vitest';
import { openShell } from './shell.ts';

describe('mistakes in the command bar', () => {
	it.each([
		['kmap(page', '1:5: this ( is never closed (add ))'],
		['"abc', '1:1: this string has no closing quote (add " before the end of the line)'],
		['x = ', '1:4: a value is missing after "="'],
		['if (1) { x = 3', '1:8: this { is never closed (add })'],
		['x = 1；', '1:6: "；" has no meaning in C (write ;)'],
		['kmapp(3)', '1:1: this kernel has no function kmapp (did you mean kmap?)'],
		['kmapp page', '1:1: kmapp is neither a function nor a type (did you mean kmap?)'],
		['p = PAGE_SIZ', '1:5: no variable or constant PAGE_SIZ (did you mean PAGE_SIZE?)'],
		['kmap()', '1:1: kmap takes 1 argument, not 0 (void *kmap(struct page *page))'],
		[
			'kmap_local_page(0)',
			'1:1: this kernel has no function kmap_local_page (exists since 5.11; this kernel is 5.5.0; it has kmap_atomic, kmap)',
		],
		[
			'kmap_atomic(0, 3)',
			'1:1: kmap_atomic takes no slot type on 5.5.0 (KM_USER0 and its like went with 2.6.37, and since 3.4 nothing takes them)',
		],
		['kmap_atomic(0, 3, 4)', '1:1: kmap_atomic takes 1 argument, not 3 (void *kmap_atomic(struct page *page))'],
		['printk("%d\\n")', '1:8: %d in the format has no argument'],
		['printk("%s\\n", 3)', '1:16: %s wants a pointer, but 3 is of type int (cast it or change the format)'],
		['printk("%d\\n", 1, 2)', '1:19: the format has no conversion for this argument'],
		['printk("%f\\n", 1)', '1:8: printk has no conversion %f (kernel code has no floating point)'],
		['x = 1.5', '1:5: 1.5 is not an integer of C (kernel code has no floating point)'],
		['pkmap_count[1] = 0', '1:1: pkmap_count belongs to the kernel and can only be read'],
		['3 = 4', '1:1: 3 cannot be assigned to (only variables and *pointers can)'],
		['5 / 0', '1:1: division by zero'],
		[
			'*PAGE_OFFSET',
			'1:2: PAGE_OFFSET is of type unsigned long, not a pointer (cast it: *(unsigned int *)PAGE_OFFSET)',
		],
		['break', '1:1: break stands in no loop and no switch'],
		['goto out', '1:6: this function has no label out (write out: before a statement)'],
		['int kmap = 3', '1:5: kmap is a function of the kernel (give yours another name)'],
		['float f', '1:1: no type float (kernel code has no floating point)'],
	])('%s', async (text, expected) => {
		const { mistake } = await openShell();
		expect(mistake(text)).toBe(expected);
	});

	it('tells kunmap, which takes the page, from kunmap_atomic, which takes the address', async () => {
		const { say, mistake } = await openShell();
		say('page = alloc_page(GFP_HIGHUSER)', 'p = kmap(page)');
		expect(mistake('kunmap(p)')).toContain('kunmap takes the struct page *; kunmap_atomic takes the address');
		expect(mistake('kunmap((void *)p)')).toContain('kunmap takes the struct page *');
		expect(mistake('kunmap_atomic(page)')).toContain('kunmap takes the page');
	});

	it('changes nothing when a statement does not compile', async () => {
		const { say, mistake, kernel } = await openShell();
		const free = () => kernel.view.pages.zones.map(zone => zone.free);
		const before = free();
		expect(mistake('a = alloc_page(GFP_KERNEL); b = nonsense(a)')).toContain('nonsense');
		expect(free()).toEqual(before);
		expect(mistake('a')).toContain('no variable or constant a');
		expect(say('1')).toBe('1');
	});
});

describe('names differ by kernel', () => {
	it('kmap_atomic takes a type up to 2.6.36', async () => {
		const { mistake, say } = await openShell('ubuntu904-2.5g');
		expect(mistake('kmap_atomic(alloc_page(GFP_HIGHUSER))')).toBe(
			'1:1: kmap_atomic needs a slot type on 2.6.28 (for example KM_USER0, as second argument)',
		);
		expect(say('kmap_atomic(alloc_page(GFP_HIGHUSER), KM_USER0)')).toMatch(/^0xff/);
		expect(mistake('kmap_atomic_idx_push()')).toContain('exists since 2.6.37');
	});

	it('kmap_local_page exists from 5.11 on, and kmap_atomic_idx_push until then', async () => {
		const { mistake, say } = await openShell('i386-6.1-8g-pae');
		expect(say('page = alloc_page(GFP_HIGHUSER)', 'v = kmap_local_page(page)', 'kunmap_local(v)')).toBe('');
		expect(mistake('kmap_atomic_idx_push()')).toContain('gone since 5.11');
	});
});
