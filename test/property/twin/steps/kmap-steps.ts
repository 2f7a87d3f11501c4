import type { Pfn } from '../../../../source/machine/address.ts';
import { atLeast } from '../../../../source/machine/kernel-version.ts';
import { PlainBug } from '../model/plain-bug.ts';
import type { Program } from '../program.ts';
import type { Step } from '../step.ts';
import { KILLED, Stopped } from '../twin.ts';
import { allocPages } from './page-steps.ts';

const MOST_KMAPS = 1400;

/** kmap; where it sleeps, another task runs and this one tries again once it is woken. */
export const kmapPage = (program: Program, pfn: Pfn): void => {
	const { twin } = program;
	const { kernel, model } = twin;
	const { cpus, pkmap, machine } = model;
	const got = twin.do(
		`kmap(${pfn})`,
		() => kernel.kmap(pfn) as number,
		() => {
			if (!pkmap || !model.isHighmem(pfn)) return model.lowmemAddress(pfn);
			const address = pkmap.kmap(pfn);
			// Kernels with kmap_high_get take kmap_lock with spin_lock_irq, and so switch interrupts on.
			if (hasHighGet(program)) cpus.here.irqsOff = false;
			if (address !== 0) return address;
			pkmap.waiters.push(cpus.here.pid);
			if (cpus.isInterrupt) throw new PlainBug('an interrupt cannot sleep');
			if (atLeast(machine.kernel, '4.4')) cpus.here.preempt = 0;
			cpus.here.irqsOff = false;
			return 0;
		},
	);
	if (got === KILLED) return;
	if (got === 0) {
		program.sleep(pfn);
		return;
	}
	if (model.isHighmem(pfn)) program.kmaps.push(pfn);
	program.remember(got);
};

const hasHighGet = ({ twin }: Program): boolean => {
	const { machine } = twin.model;
	return machine.arch === 'arm' && !machine.errata798181 && !(machine.nrCpus > 1 && machine.armVersion === 6);
};

export const kmap = (program: Program, { a }: Step): void => {
	const holding = program.pick(program.holdings, a);
	if (!holding) return;
	if (program.kmaps.length > MOST_KMAPS) kunmap(program, { kind: 'kunmap', a, b: 0, c: 0 });
	else kmapPage(program, holding.pfn);
};

export const kunmapPage = (program: Program, pfn: Pfn): void => {
	const { twin } = program;
	const { kernel, model } = twin;
	twin.do(
		`kunmap(${pfn})`,
		() => {
			kernel.kunmap(pfn);
			return undefined;
		},
		() => {
			const mustNot = model.cpus.isInterrupt && !atLeast(model.machine.kernel, '5.8');
			if (mustNot) throw new PlainBug('kunmap in an interrupt');
			if (model.isHighmem(pfn)) checkWoken(program, model.pkmap?.kunmap(pfn) ?? []);
			return undefined;
		},
	);
};

/** wake_up wakes all who wait. */
export const checkWoken = ({ twin }: Program, pids: readonly number[]): void => {
	for (const pid of pids) twin.same(`state of task ${pid}`, twin.kernel.context.tasks.get(pid)?.state, 'runnable');
};

export const kunmap = (program: Program, { a }: Step): void => {
	const pfn = program.take(program.kmaps, a);
	if (pfn !== undefined) kunmapPage(program, pfn);
};

/** All pages of a large block, one after the other, so that the window fills. */
export const kmapMany = (program: Program, { a, b }: Step): void => {
	const { twin, holdings } = program;
	const order = 8 + (a % 3);
	const gfp = twin.gfp('GFP_HIGHUSER') | twin.gfp('__GFP_NOWARN') | twin.gfp('__GFP_NORETRY');
	const pfn = allocPages(program, gfp, order);
	if (pfn === undefined) return;
	holdings.push({ pfn, order, extra: 0 });
	const { task } = program.runner;
	const most = 50 + (b % 2 ** order);
	for (let page = 0; page < most && program.kmaps.length < MOST_KMAPS; page++) {
		if (program.runner.task === task && !twin.isKilled) kmapPage(program, (pfn + (page % 2 ** order)) as Pfn);
	}
};

export const kunmapMany = (program: Program, { a, b }: Step): void => {
	for (let time = 0; time < 50 + (b % 900); time++) {
		const pfn = program.take(program.kmaps, a + time * 7);
		if (pfn === undefined) return;
		kunmapPage(program, pfn);
	}
};

export const flushUnused = ({ twin }: Program): void => {
	twin.do(
		'kmap_flush_unused()',
		() => {
			twin.kernel.kmapFlushUnused();
			return undefined;
		},
		() => {
			twin.model.pkmap?.flush();
			return undefined;
		},
	);
};

export const kmapHighGet = (program: Program, { a }: Step): void => {
	const { twin, kmaps, holdings } = program;
	const pfn = a % 2 === 0 ? program.pick(kmaps, a) : program.pick(holdings, a)?.pfn;
	const { pkmap } = twin.model;
	if (pfn === undefined || !pkmap || twin.model.machine.arch !== 'arm') return;
	const got = twin.do(
		`kmap_high_get(${pfn})`,
		() => twin.kernel.kmapHighGet(pfn) as number,
		() => {
			const slot = pkmap.slotOf.get(pfn);
			return slot === undefined ? 0 : pkmap.kmap(pfn);
		},
	);
	if (got !== 0 && got !== KILLED) kmaps.push(pfn);
};

/** One kunmap too many: the kernel dies of it, with kmap_lock held. */
export const kunmapTwice = (program: Program, { a }: Step): void => {
	const { model } = program.twin;
	const pfn = program.pick(
		program.holdings.filter(holding => model.isHighmem(holding.pfn) && !program.kmaps.includes(holding.pfn)),
		a,
	)?.pfn;
	if (pfn === undefined) return;
	kunmapPage(program, pfn);
	throw new Stopped('kmap_lock is lost');
};
