import type { FaultCases } from '../fault-case.ts';

const KMALLOC = `static void f_kmalloc(void)
{
	void *p;
	say("kmalloc(GFP_KERNEL), preempt_count 0x%x irqs_disabled %d", preempt_count(), irqs_disabled());
	p = kmalloc(64, GFP_KERNEL);
	say("got 0x%08lx", A(p));
	p = kmalloc(65536, GFP_KERNEL);
	say("64K got 0x%08lx irqs_disabled %d", A(p), irqs_disabled());
}`;
const MSLEEP = `static void f_msleep(void)
{
	say("msleep(30), preempt_count 0x%x irqs_disabled %d", preempt_count(), irqs_disabled());
	msleep(30);
	say("back from msleep, irqs_disabled %d", irqs_disabled());
}`;
const VMALLOC = `static void f_vmalloc(void)
{
	void *p;
	say("vmalloc(8192), preempt_count 0x%x irqs_disabled %d", preempt_count(), irqs_disabled());
	p = vmalloc(8192);
	say("got 0x%08lx", A(p));
}`;
const VFREE = `static void *vp;
static void f_vfree(void)
{
	say("vfree(0x%08lx), preempt_count 0x%x irqs_disabled %d", A(vp), preempt_count(), irqs_disabled());
	vfree(vp);
	say("returned");
}`;

/** Sleeping, and what may sleep, where it is forbidden; and leaving the kernel with something switched off. */
export const SLEEPING: FaultCases = {
	kmalloc_irqoff: { file: KMALLOC, body: 'local_irq_disable(); f_kmalloc(); local_irq_enable(); say("went on");' },
	kmalloc_spin: { file: KMALLOC, body: 'spin_lock(&lk); f_kmalloc(); spin_unlock(&lk); say("went on");' },
	kmalloc_hardirq: { file: KMALLOC, body: 'run_hardirq(f_kmalloc);' },
	msleep_spin: { file: MSLEEP, body: 'spin_lock(&lk); f_msleep(); spin_unlock(&lk); say("went on");' },
	msleep_irqoff: { file: MSLEEP, body: 'local_irq_disable(); f_msleep(); local_irq_enable(); say("went on");' },
	msleep_preempt: { file: MSLEEP, body: 'preempt_disable(); f_msleep(); preempt_enable(); say("went on");' },
	msleep_bh: { file: MSLEEP, body: 'local_bh_disable(); f_msleep(); local_bh_enable(); say("went on");' },
	msleep_hardirq: { file: MSLEEP, body: 'run_hardirq(f_msleep);' },
	vmalloc_hardirq: { file: VMALLOC, body: 'run_hardirq(f_vmalloc);' },
	vmalloc_irqoff: {
		file: VMALLOC,
		body: 'local_irq_disable(); f_vmalloc(); say("irqs_disabled %d", irqs_disabled()); local_irq_enable(); say("went on");',
	},
	vmalloc_spin: { file: VMALLOC, body: 'spin_lock(&lk); f_vmalloc(); spin_unlock(&lk); say("went on");' },
	vfree_hardirq: {
		file: VFREE,
		body: 'vp = vmalloc(8192); run_hardirq(f_vfree); say("later: pte 0x%llx", getpte(A(vp)));',
	},
	vfree_irqoff: {
		file: VFREE,
		body: 'vp = vmalloc(8192); local_irq_disable(); f_vfree(); local_irq_enable(); say("went on");',
	},
	vfree_spin: { file: VFREE, body: 'vp = vmalloc(8192); spin_lock(&lk); f_vfree(); spin_unlock(&lk); say("went on");' },
	irq_leak: { body: 'say("returning from init with irqs disabled"); local_irq_disable();' },
	preempt_leak: { body: 'say("returning from init with preemption disabled"); preempt_disable();' },
	deadlock: { body: 'spin_lock(&lk); say("taking a spinlock twice"); spin_lock(&lk);' },
	leak_vmalloc: {
		body: 'say("vmalloc and leave: 0x%08lx kmalloc 0x%08lx", A(vmalloc(8192)), A(kmalloc(128, GFP_KERNEL)));',
	},
};
