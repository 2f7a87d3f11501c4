import type { FaultCases } from '../fault-case.ts';

const AREA = 'void *v = vmalloc(4096); say("vmalloc(4096) = 0x%08lx", A(v));';

/** Where the recorded kernel had what is written to. */
const AT = { AT: /writing (0x[0-9a-f]+)/ };

/** A function that returns at once, in the CPU's own bytes. */
const JUMP = `static void jump(unsigned int *code)
{
#ifdef CONFIG_X86
	code[0] = 0xc3c3c3c3;
#else
	code[0] = 0xe12fff1e;
#endif
	say("jumping to 0x%08lx", A(code));
	((void (*)(void))code)();
	say("came back");
}`;

/** Reading, writing and calling addresses where nothing is mapped, or no longer. */
export const TOUCHING: FaultCases = {
	none: { body: 'say("nothing");' },
	null_read: { body: 'look(0);' },
	po_null_read: { body: 'look(0);', isPanicOnOops: true, named: 'null_read' },
	null_write: { body: 'poke(0, 1);' },
	null_off: { body: 'look(0x10);' },
	null_call: { body: 'void (*f)(void) = NULL; say("calling 0"); f(); say("came back");' },
	user_read: { body: 'look(0x10000000);' },
	hole_read: { body: 'look(A(high_memory) + (4 << 20));' },
	hole_write: { body: 'poke(A(high_memory) + (4 << 20), 1);' },
	guard_read: { body: `${AREA} look(A(v) + 4096); vfree(v);` },
	guard_write: { body: `${AREA} poke(A(v) + 4096, 1); vfree(v);` },
	uaf_vfree_hot: { body: `${AREA} wr(A(v), 7); vfree(v); look(A(v));` },
	uaf_vfree_cold: { body: `${AREA} vfree(v); look(A(v));` },
	uaf_vfree_purged: { body: `${AREA} wr(A(v), 7); vfree(v); vm_unmap_aliases(); look(A(v));` },
	pkmap_free_read: {
		body: 'int i; for (i = LAST_PKMAP - 1; i > 0; i--) if (pkmap_count[i] == 0) break; look(PKMAP_BASE + i * PAGE_SIZE);',
	},
	pkmap_free_write: {
		body: 'int i; for (i = LAST_PKMAP - 1; i > 0; i--) if (pkmap_count[i] == 0) break; poke(PKMAP_BASE + i * PAGE_SIZE, 1);',
	},
	pkmap_stale: {
		body: `struct page *p = gh(); unsigned long v = A(kmap(p)); say("kmap = 0x%08lx", v); wr(v, 0x5555); kunmap(p);
	say("kunmapped; pte 0x%llx page_address 0x%08lx", getpte(v), A(page_address(p)));
	look(v); poke(v, 0x6666); __free_page(p); say("page freed"); look(v);`,
	},
	katomic_stale: {
		body: `struct page *p = gh(); unsigned long v; preempt_disable(); v = A(kmap_atomic(p)); wr(v, 0x5555);
	kunmap_atomic((void *)v); say("kmap_atomic was 0x%08lx, unmapped; pte 0x%llx", v, getpte(v));
	look(v); preempt_enable(); __free_page(p);`,
	},
	kmap_overrun: {
		body: `struct page *p = gh(); unsigned long v = A(kmap(p));
	say("kmap = 0x%08lx, pte of the next slot 0x%llx", v, getpte(v + PAGE_SIZE)); look(v + PAGE_SIZE);`,
	},
	kmap_free_mapped: {
		body: `struct page *p = gh(); unsigned long v = A(kmap(p)); say("kmap = 0x%08lx, __free_page while mapped", v);
	__free_page(p); say("went on"); look(v);`,
	},
	fix_free_read: {
		body: 'int i = FREE_FIX; unsigned long a = FIXADDR_TOP - ((unsigned long)i << PAGE_SHIFT); say("fixmap index %d", i); say("reading 0x%08lx", a); say("fixmap index %d", i); seen = rd(a);',
	},
	fix_free_write: {
		body: 'int i = FREE_FIX; unsigned long a = FIXADDR_TOP - ((unsigned long)i << PAGE_SHIFT); say("fixmap index %d", i); say("writing 0x%08lx", a); say("fixmap index %d", i); wr(a, 1);',
	},
	zero_ptr_read: { body: 'void *p = kmalloc(0, GFP_KERNEL); look(A(p));' },
	ptv_high_read: {
		facts: { FRAME: /highmem page pfn (0x\w+)/ },
		body: `phys_addr_t at = (phys_addr_t)FRAME << PAGE_SHIFT; say("highmem page pfn 0x%lx", (unsigned long)FRAME);
	say("phys_to_virt(highmem 0x%08llx)", (u64)at); look(A(phys_to_virt(at)));`,
	},
	uaf_kfree: {
		body: `unsigned int *p = kmalloc(64, GFP_KERNEL); p[0] = 0x11111111; p[8] = 0x22222222; kfree(p);
	say("kfree'd 0x%08lx, now reads [0]=0x%08x [8]=0x%08x", A(p), rd(A(p)), rd(A(p + 8)));
	wr(A(p), 0x33333333); wr(A(p + 8), 0x44444444);
	say("kmalloc(64) x2 after writing into it: 0x%08lx 0x%08lx", A(kmalloc(64, GFP_KERNEL)), A(kmalloc(64, GFP_KERNEL)));`,
	},
	text_write: {
		facts: AT,
		body: 'say("kernel text, function vfree"); say("writing 0x%08lx", AT); wr(AT, rd(AT)); say("write done, reads back 0x%08x", rd(AT));',
	},
	rodata_write: {
		facts: AT,
		body: 'say("kernel rodata, hex_asc"); say("writing 0x%08lx", AT); wr(AT, rd(AT)); say("write done, reads back 0x%08x", rd(AT));',
	},
	modtext_write: {
		body: 'unsigned long at = A(&look); say("module text"); say("writing 0x%08lx", at); wr(at, rd(at)); say("write done, reads back 0x%08x", rd(at));',
	},
	modro_write: { body: 'say("module rodata"); poke(A("a constant"), 0x1235);' },
	oops_two: {
		file: 'static int kt(void *x) { say("kthread reads 0"); seen = rd(0); return 0; }',
		body: 'kthread_run(kt, NULL, "mmf"); msleep(300); look(0);',
	},
	oops_kthread: {
		file: 'static int kt(void *x) { say("kthread reads 0"); seen = rd(0); return 0; }',
		body: 'kthread_run(kt, NULL, "mmf"); msleep(300); say("insmod goes on");',
	},
	exec_kmalloc: { file: JUMP, body: 'jump(kmalloc(64, GFP_KERNEL));' },
	exec_vmalloc: { file: JUMP, body: 'jump(vmalloc(4096));' },
	warn: { body: 'WARN_ON(1); say("went on");' },
	warn_msg: { body: 'WARN(1, "mmfault: value %d\\n", 42); say("went on");' },
	bug: { body: 'say("BUG()"); BUG();' },
	panic: { body: 'panic("mmfault asked for it");' },
	null_hardirq: {
		file: 'static void f_null(void) { look(0); }',
		body: 'run_hardirq(f_null);',
	},
};
