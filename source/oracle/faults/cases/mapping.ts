import type { FaultCases } from '../fault-case.ts';

const KMAP_NOW = `static void f_kmap(void)
{
	say("kmap now, preempt_count 0x%x irqs_disabled %d", preempt_count(), irqs_disabled());
	gv = kmap(gp);
#ifdef SAYS_IRQS
	say("kmap gave 0x%08lx, irqs_disabled now %d", A(gv), irqs_disabled());
#else
	say("kmap gave 0x%08lx", A(gv));
#endif
}`;

const FILL = `${KMAP_NOW}
static int fill(void)
{
	int i, used = 0;
	struct page *page;
	unsigned long at = 0;
	for (i = 0; i < LAST_PKMAP; i++) if (pkmap_count[i]) used++;
	say("filling %d slots (%d had a pte)", LAST_PKMAP, used);
	for (i = 0; i < LAST_PKMAP; i++) {
		page = alloc_page(GFP_HIGHUSER | __GFP_NORETRY);
		if (!page || !PageHighMem(page)) { i--; continue; }
		at = A(kmap(page));
		if (i == 0 || i >= LAST_PKMAP - 2) say("slot no %d: 0x%08lx", i + 1, at);
	}
	return i;
}`;

const nest = (depth: number): string => `static struct page *p[64];
static void *v[64];
static void nest(int n)
{
	int i;
	for (i = 0; i < n; i++) p[i] = gh();
	for (i = 0; i < n; i++) { v[i] = kmap_atomic(p[i]); say("depth %d: 0x%08lx", i + 1, A(v[i])); }
	for (i = n - 1; i >= 0; i--) kunmap_atomic(v[i]);
	say("all unmapped");
	for (i = 0; i < n; i++) __free_page(p[i]);
}
/* ${depth} */`;

/** kmap, kunmap and kmap_atomic where or how they must not be called. */
export const MAPPING: FaultCases = {
	kunmap_twice: {
		body: `struct page *p = gh(); unsigned long v = A(kmap(p)); say("kmap = 0x%08lx, first kunmap", v);
	kunmap(p); say("second kunmap"); kunmap(p); say("went on");`,
	},
	kunmap_never: {
		body: `struct page *p = gh(); say("kunmap of a page without mapping, page_address 0x%08lx", A(page_address(p)));
	kunmap(p); say("went on");`,
	},
	kunmap_low: {
		body: `struct page *p = alloc_page(GFP_KERNEL); say("kunmap of lowmem page at 0x%08lx", A(page_address(p)));
	kunmap(p); kunmap(p); say("went on"); __free_page(p);`,
	},
	kunmap_hardirq: {
		file: 'static void f_kunmap(void) { say("kunmap in hardirq"); kunmap(gp); say("went on"); }',
		body: 'gp = gh(); say("kmap 0x%08lx", A(kmap(gp))); run_hardirq(f_kunmap);',
	},
	ka_order: {
		body: `struct page *p = gh(), *q = gh(); void *a, *b; a = kmap_atomic(p); b = kmap_atomic(q);
	say("a = 0x%08lx b = 0x%08lx, unmapping a first", A(a), A(b)); kunmap_atomic(a);
	say("unmapped a; pte of b 0x%llx, now b", getpte(A(b))); kunmap_atomic(b); say("went on");`,
	},
	ka_msleep: {
		body: `void *a = kmap_atomic(gh()); wr(A(a), 0x77);
	say("kmap_atomic 0x%08lx, msleep(30), preempt_count 0x%x", A(a), preempt_count()); msleep(30);
	say("after msleep: pte 0x%llx", getpte(A(a))); look(A(a)); kunmap_atomic(a); say("went on");`,
	},
	ka_schedule: {
		body: `void *a = kmap_atomic(gh()); say("kmap_atomic 0x%08lx, schedule()", A(a)); schedule();
	say("back from schedule"); kunmap_atomic(a); say("went on");`,
	},
	ka_kmalloc: {
		body: `void *a = kmap_atomic(gh()), *b; say("kmap_atomic 0x%08lx, kmalloc(GFP_KERNEL)", A(a));
	b = kmalloc(64, GFP_KERNEL); say("got 0x%08lx", A(b)); kunmap_atomic(a);`,
	},
	ka_17: { file: nest(17), body: 'nest(17);' },
	ka_21: { file: nest(21), body: 'nest(21);' },
	ka_42: { file: nest(42), body: 'nest(42);' },
	ka_leak: {
		body: 'void *a = kmap_atomic(gh()); say("kmap_atomic 0x%08lx, returning from init without unmapping", A(a));',
	},
	ka_unbalanced: {
		body: `struct page *p = gh(); void *a = kmap_atomic(p); kunmap_atomic(a);
	say("second kunmap_atomic of 0x%08lx", A(a)); kunmap_atomic(a); say("went on");`,
	},
	ka_of_kmap: {
		body: `struct page *p = gh(); void *a = kmap(p); say("kunmap_atomic of a kmap address 0x%08lx", A(a));
	kunmap_atomic(a); say("went on; pte 0x%llx", getpte(A(a)));`,
	},
	ka_of_low: {
		body: `void *a = kmalloc(64, GFP_KERNEL); say("kunmap_atomic of a kmalloc address 0x%08lx", A(a));
	preempt_disable(); pagefault_disable(); kunmap_atomic(a); say("went on");`,
	},
	ka_fault: {
		body: 'void *a = kmap_atomic(gh()); say("kmap_atomic 0x%08lx, then null read", A(a)); look(0); kunmap_atomic(a);',
	},
	kmap_hardirq: { file: KMAP_NOW, body: 'gp = gh(); run_hardirq(f_kmap);' },
	kmap_hardirq_low: {
		file: KMAP_NOW,
		body: 'gp = alloc_page(GFP_KERNEL); say("lowmem page"); run_hardirq(f_kmap);',
	},
	kmap_ipi: {
		onSecondCpu: /preempt_count 0x0 /,
		file: `${KMAP_NOW}\nstatic void ipi_kmap(void *x) { f_kmap(); }`,
		body: 'gp = gh(); smp_call_function_single(1, ipi_kmap, NULL, 1); say("ipi done");',
	},
	kmap_softirq: { file: KMAP_NOW, body: 'gp = gh(); run_softirq(f_kmap);' },
	kmap_preempt_off: {
		file: KMAP_NOW,
		body: 'gp = gh(); preempt_disable(); f_kmap(); preempt_enable(); kunmap(gp); say("went on");',
	},
	kmap_irq_off: {
		file: KMAP_NOW,
		body: 'gp = gh(); local_irq_disable(); f_kmap(); local_irq_enable(); kunmap(gp); say("went on");',
	},
	kmap_spin: {
		file: KMAP_NOW,
		body: 'gp = gh(); spin_lock(&lk); f_kmap(); spin_unlock(&lk); kunmap(gp); say("went on");',
	},
	kmap_in_kmap_atomic: {
		file: KMAP_NOW,
		body: 'struct page *q; void *a; gp = gh(); q = gh(); a = kmap_atomic(q); f_kmap(); kunmap_atomic(a); kunmap(gp); say("went on");',
	},
	full_process: { file: FILL, body: 'gp = gh(); say("filled %d", fill()); f_kmap(); say("went on");' },
	full_preempt_off: {
		file: FILL,
		body: 'gp = gh(); say("filled %d", fill()); preempt_disable(); f_kmap(); preempt_enable(); say("went on");',
	},
	full_irq_off: {
		file: FILL,
		body: 'gp = gh(); say("filled %d", fill()); local_irq_disable(); f_kmap(); local_irq_enable(); say("went on");',
	},
	full_hardirq: {
		file: FILL,
		body: 'gp = gh(); say("filled %d", fill()); run_hardirq(f_kmap);',
	},
	leak_kmap: { body: 'int i; for (i = 0; i < 3; i++) say("kmap and leave: 0x%08lx", A(kmap(gh())));' },
	set_fixmap_big: {
		body: `unsigned int idx = __end_of_fixed_addresses; say("set_fixmap(%u) (first index too large)", idx);
	set_fixmap(idx, 0); say("went on");`,
	},
};
