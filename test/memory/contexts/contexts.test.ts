import { describe, expect, it } from 'vitest';
import { PAGE_SIZE, virtual } from '../../../source/machine/address.ts';
import { parseKernelVersion } from '../../../source/machine/kernel-version.ts';
import { ADVICE_KEYS } from '../../../source/memory/contexts/advice.ts';
import { preemptBits, preemptParts } from '../../../source/memory/contexts/preempt-bits.ts';
import { en } from '../../../source/messages/en.ts';
import { zh } from '../../../source/messages/zh.ts';
import { boot, debugOptions, highmemPage, wordsOf } from '../boot-kernel.ts';

const LOCK = virtual(0xc0100000);

describe('preempt_count', () => {
	it('counts spinlocks and preempt_disable only with CONFIG_PREEMPT_COUNT', () => {
		for (const preemptCount of [true, false]) {
			const { contexts, context } = boot('imx6q-2g', { debug: { ...debugOptions, preemptCount } });
			contexts.preemption.disable();
			contexts.locks.lock(LOCK);
			expect(context.cpu.preemptCount).toBe(preemptCount ? 2 : 0);
			expect(contexts.preemption.state.isAtomic).toBe(preemptCount);
		}
	});

	it('is counted too where DEBUG_ATOMIC_SLEEP, which selects it, is set', () => {
		const { contexts } = boot('imx6q-2g', { debug: { ...debugOptions, preemptCount: false, atomicSleep: true } });
		contexts.preemption.disable();
		expect(contexts.preemption.state.isAtomic).toBe(true);
	});

	it.each([
		['2.6.32', 0x100],
		['2.6.37', 0x200],
		['6.1.0', 0x200],
	])('of %s rises by %i with each local_bh_disable', (kernel, offset) => {
		const { contexts, context } = boot('laptop-2g-nopae', { kernel });
		contexts.interrupts.bhDisable();
		expect(context.cpu.preemptCount).toBe(offset);
		expect(contexts.preemption.state).toMatchObject({ isSoftirq: true, isInterrupt: true, isHardirq: false });
	});

	// linux/preempt.h, linux/hardirq.h: local_bh_disable adds twice what a served softirq does, from 2.6.37 on.
	it.each([
		['6.1.0', 0x00110503, { preempt: 3, isServingSoftirq: true, softirqsOff: 2, hardirq: 1, nmi: 1 }],
		['4.19.0', 0x00110001, { preempt: 1, isServingSoftirq: false, softirqsOff: 0, hardirq: 1, nmi: 1 }],
		['2.6.32', 0x04010200, { preempt: 0, isServingSoftirq: false, softirqsOff: 2, hardirq: 1, nmi: 1 }],
		['2.6.24', 0x00010100, { preempt: 0, isServingSoftirq: false, softirqsOff: 1, hardirq: 1, nmi: 0 }],
	])('of %s, 0x%x, is taken apart', (kernel, count, parts) => {
		expect(preemptParts(preemptBits(parseKernelVersion(kernel)), count)).toEqual(parts);
	});

	it('has 0x10000 in a hard interrupt, with interrupts off, and 0x100 in a softirq', () => {
		const { contexts, context } = boot();
		contexts.interrupts.run('hardirq', () => {
			expect(context.cpu).toMatchObject({ preemptCount: 0x10000, irqsDisabled: true });
			expect(context.task).toMatchObject({ pid: 0, comm: 'swapper/0' });
		});
		contexts.interrupts.run('softirq', () => {
			expect(context.cpu.preemptCount).toBe(0x100);
			expect(contexts.preemption.state.isServingSoftirq).toBe(true);
		});
		expect(context.cpu).toMatchObject({ preemptCount: 0, irqsDisabled: false });
		expect(context.task.pid).toBe(1);
	});

	it('rises in every kernel before 4.2 with pagefault_disable, and never since', () => {
		for (const [kernel, count] of [
			['3.10.0', 1],
			['4.4.0', 0],
		] as const) {
			const { contexts, context } = boot('imx6q-2g', { kernel, debug: { ...debugOptions, preemptCount: false } });
			contexts.preemption.pagefaultDisable();
			expect(context.cpu).toMatchObject({ preemptCount: count, pagefaultDisabled: 1 });
		}
	});
});

describe('interrupts', () => {
	it('are restored as local_irq_save found them', () => {
		for (const id of ['imx6q-2g', 'laptop-2g-nopae']) {
			const { contexts } = boot(id);
			const outer = contexts.interrupts.save();
			const inner = contexts.interrupts.save();
			contexts.interrupts.restore(inner);
			expect(contexts.interrupts.disabled).toBe(true);
			contexts.interrupts.restore(outer);
			expect(contexts.interrupts.disabled).toBe(false);
		}
	});

	it('strike a task in the middle of its work, not the idle task', () => {
		const kernel = boot('imx6q-2g');
		kernel.contexts.locks.lock(LOCK);
		kernel.contexts.interrupts.run('hardirq', () => expect(kernel.context.task.pid).toBe(1));
	});

	// mm/highmem.c: kmap_high takes kmap_lock with spin_lock_irq where kmap_high_get exists.
	it('are on after kmap on ARM kernels with kmap_high_get, and stay off on others', () => {
		for (const [errata798181, isDisabled] of [
			[false, false],
			[true, true],
		]) {
			const kernel = boot('imx6q-2g', { kernel: '4.19.44', errata798181: errata798181 === true });
			const page = highmemPage(kernel);
			kernel.contexts.interrupts.disabled = true;
			kernel.kmap(page);
			expect(kernel.contexts.interrupts.disabled).toBe(isDisabled);
		}
	});
});

describe('kunmap in an interrupt', () => {
	it.each(['4.4.155', '4.19.44'])('is a BUG and a panic in %s', kernel => {
		const machine = boot('laptop-2g-nopae', { kernel });
		const page = highmemPage(machine);
		machine.kmap(page);
		const run = () => machine.contexts.interrupts.run('hardirq', () => machine.kunmap(page));
		expect(run).toThrow('kernel BUG at arch/x86/mm/highmem_32.c:18!');
		expect(wordsOf(machine)).toContain('Kernel panic - not syncing: Fatal exception in interrupt');
	});

	it('works from 5.8 on', () => {
		const machine = boot('laptop-2g-nopae', { kernel: '5.10.223' });
		const page = highmemPage(machine);
		machine.kmap(page);
		machine.contexts.interrupts.run('hardirq', () => machine.kunmap(page));
		expect(wordsOf(machine)).toEqual([]);
	});
});

describe('a broken rule', () => {
	it('is silent in the log of a kernel without DEBUG_ATOMIC_SLEEP, and said beside it', () => {
		const kernel = boot('imx6q-2g', { debug: debugOptions });
		const page = highmemPage(kernel);
		kernel.contexts.locks.lock(LOCK);
		kernel.kmap(page);
		expect(wordsOf(kernel)).toEqual([]);
		expect(kernel.view.advices.map(({ key }) => key)).toContain('kmapWhileAtomic');
	});

	it('is said once for each act', () => {
		const kernel = boot('imx6q-2g', { debug: debugOptions });
		const page = highmemPage(kernel);
		kernel.contexts.locks.lock(LOCK);
		for (let time = 0; time < 3; time++) kernel.kmap(page);
		expect(kernel.view.advices).toHaveLength(1);
	});

	it('has words in both languages', () => {
		for (const key of ADVICE_KEYS) {
			expect(en.advice[key]).toMatch(/\.$/);
			expect(zh.advice[key]).toMatch(/。$/);
		}
	});
});

describe('a spinlock without CONFIG_SMP', () => {
	it('is never seen taken: whoever asks gets it, again and again', () => {
		const { locks } = boot('imx6q-2g', { nrCpus: 1, cpusOnline: 1 }).contexts;
		locks.lock(LOCK);
		expect(locks.isLocked(LOCK)).toBe(false);
		expect(locks.tryLock(LOCK)).toBe(true);
		expect(() => locks.lock(LOCK)).not.toThrow();
	});
});

describe('kmap_lock', () => {
	it('stays taken after a kunmap too many: the next kmap spins for ever', () => {
		const kernel = boot('imx6q-2g', { kernel: '5.10.223' });
		const [page, other] = [highmemPage(kernel), highmemPage(kernel)];
		kernel.kmap(page);
		kernel.kunmap(page);
		expect(() => kernel.kunmap(page)).toThrow('kernel BUG');
		expect(() => kernel.kmap(other)).toThrowError(expect.objectContaining({ verdict: 'spins' }));
	});

	// arch/arm/mm/highmem.c: kunmap_atomic of a pkmap address is kunmap_high, kmap_atomic asks kmap_high_get first.
	it('stays taken as well after a kunmap_atomic too many, and kmap_atomic and kmap_flush_unused spin on it', () => {
		const kernel = boot('imx6q-2g', { kernel: '5.5.0', debug: debugOptions });
		const [page, other] = [highmemPage(kernel), highmemPage(kernel)];
		kernel.kmap(page);
		const address = kernel.kmapAtomic(page);
		kernel.kunmapAtomic(address);
		kernel.kunmap(page);
		expect(() => kernel.kunmapAtomic(address)).toThrow('kernel BUG');
		for (const use of [() => kernel.kmapAtomic(other), () => kernel.kmapFlushUnused()])
			expect(use).toThrowError(expect.objectContaining({ verdict: 'spins' }));
	});

	// linux/spinlock_up.h: arch_spin_lock does nothing.
	it('is none without CONFIG_SMP: after a kunmap too many the next kmap goes on', () => {
		const kernel = boot('imx6q-2g', { kernel: '5.10.223', nrCpus: 1, cpusOnline: 1 });
		const [page, other] = [highmemPage(kernel), highmemPage(kernel)];
		const address = kernel.kmap(page);
		kernel.kunmap(page);
		expect(() => kernel.kunmap(page)).toThrow('kernel BUG');
		expect(kernel.view.advices.map(({ key }) => key)).not.toContain('kmapLockHeld');
		expect(kernel.kmap(other)).toBe(virtual(address + PAGE_SIZE));
		expect(kernel.contexts.kmapLock.mayExec()).toBe(true);
		// mm/highmem.c: kmap_high, BUG_ON(pkmap_count[PKMAP_NR(vaddr)] < 2). The page still has its address.
		expect(() => kernel.kmap(page)).toThrow('kernel BUG at mm/highmem.c:288!');
	});

	it('is none without CONFIG_SMP: another page comes into the slot that was left behind, and the first forgets it', () => {
		const kernel = boot('imx6q-2g', { kernel: '5.10.223', nrCpus: 1, cpusOnline: 1 });
		const page = highmemPage(kernel);
		const address = kernel.kmap(page);
		kernel.kunmap(page);
		expect(() => kernel.kunmap(page)).toThrow('kernel BUG');
		const pages = Array.from({ length: 512 }, () => highmemPage(kernel));
		expect(pages.map(other => kernel.kmap(other))).toContain(address);
		expect(kernel.parts.pkmap?.pageAddress(page)).toBe(0);
	});

	it.each([
		['5.10.223', false],
		['6.1.176', true],
	])('held for ever, it lets programs start in %s: %s', (version, mayExec) => {
		const kernel = boot('imx6q-2g', { kernel: version });
		expect(() => kernel.kunmap(highmemPage(kernel))).toThrow('kernel BUG');
		if (mayExec) expect(kernel.contexts.kmapLock.mayExec()).toBe(true);
		else expect(() => kernel.contexts.kmapLock.mayExec()).toThrowError(expect.objectContaining({ verdict: 'spins' }));
	});
});
