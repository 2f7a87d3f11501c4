import type { Pfn } from '../../machine/address.ts';
import type { ProbeKernel } from '../probe-kernel/probe-kernel.ts';
import type { Computed } from '../tally.ts';
import { InPart, skip } from '../undetermined.ts';
import { ProbeTask } from './probe-task.ts';
import { scheduleOf, type Winner } from './waiter-schedule.ts';

/** Pages that the probe unmaps before the end, in order. */
const UNMAPPED_EARLY = [5, 9, 7, 11, 12, 13];

/** exhaust_exp() of the first probe: every slot taken, and who gets those that become free. */
export class ExhaustProbe {
	readonly #tasks = new Map<string, ProbeTask>();
	/** When a stage of the test began, as the trace tells it. */
	readonly #stages: number[] = [];
	/** Waiters that have got their page. */
	#won = 0;
	readonly #filler: ProbeTask;
	#cap = 0;

	constructor(readonly probe: ProbeKernel) {
		this.#filler = new ProbeTask(probe.kernel, 100, 'mmfill');
		this.#tasks.set('filler', this.#filler);
	}

	run(): void {
		const { trail, kernel, pages } = this.probe;
		const pkmap = kernel.view.pkmap;
		if (!pkmap) return;
		if (pages.held.length < pkmap.slots + 40) {
			trail.expect('exhaust_skipped', { nH: pages.held.length });
			return;
		}
		const last = pkmap.lastPkmapNr;
		trail.expect('section', { name: 'exhaustion', last_pkmap_nr: last, jiffies: skip('jiffies') });
		this.#fill(pkmap.slots);
		this.#whenFull();
		for (const id of [0, 1, 2]) this.#startWaiter(id, this.#cap + 6 + id);
		this.#unmapOne();
		this.#unmapTwo();
		this.#filler.isStopped = true;
		for (const id of [3, 4]) this.#startWaiter(id, this.#cap + 9);
		this.#unmapThree();
		this.#releaseAll();
	}

	#page(index: number): Pfn {
		return this.probe.pages.held[index] ?? (0 as Pfn);
	}

	#slotOf(index: number): number {
		return this.#filler.slots[index] ?? -1;
	}

	#fill(slots: number): void {
		const { probe } = this;
		const { trail, kernel } = probe;
		const flushes = probe.flushes.length;
		this.#filler.fill(this.probe.pages.held.slice(0, slots + 4), address => probe.slot(address));
		this.#cap = this.#filler.mapped;
		const taken = this.#filler.slots;
		trail.expect('filled', {
			mapped: this.#cap,
			LAST_PKMAP: slots,
			first_slot: taken[0],
			last_slot: taken.at(-1),
			filler_blocked_on: `H${this.#cap}`,
			flushes: probe.flushes.length - flushes,
			last_pkmap_nr: kernel.view.pkmap?.lastPkmapNr,
		});
		let shown = 0;
		for (let index = 1; index < this.#cap && shown < 12; index++) {
			const [slot = -1, prev = -1] = [taken[index], taken[index - 1]];
			if (slot === prev + 1) continue;
			shown++;
			trail.expect('fill_break', { i: index, slot, prev });
		}
		const untaken = [...Array(slots).keys()].filter(slot => !taken.includes(slot)).slice(0, 8);
		for (const slot of untaken) trail.expect('slot_not_available', { slot, count: probe.count(slot) });
		probe.reportFlushes('fill', true);
	}

	#whenFull(): void {
		const { probe } = this;
		const { trail, kernel } = probe;
		const address = kernel.kmap(this.#page(3));
		const slot = probe.slot(address);
		const expected = { page: 'H3', result: address, slot, waited_jiffies: 0, count: probe.count(slot) };
		trail.expect('kmap_of_mapped_page_when_full', expected);
		kernel.kunmap(this.#page(3));
		probe.cpuOfAddress(trail.number('result'));
		const atomic = kernel.kmapAtomic(this.#page(probe.pages.held.length - 1));
		trail.expect('kmap_atomic_when_pkmap_full', { result: atomic });
		kernel.kunmapAtomic(atomic);
	}

	#startWaiter(id: number, index: number): void {
		const { probe } = this;
		const task = new ProbeTask(probe.kernel, 200 + id, `mmw${id}`);
		this.#tasks.set(`w${id}`, task);
		task.fill([this.#page(index)], address => probe.slot(address));
		this.#countWin(task);
		const state = task.mapped > 0 ? 2 : 1;
		const expected = { w: id, page: `H${index}`, state, blocked: state === 1 ? 1 : 0 };
		probe.trail.expect('waiter_start', expected);
	}

	/** The waiters and what the trace says of each when `when` comes. */
	#winners(when: string, fillerWins: number, fillerSlot = -1): Winner[] {
		const states = this.probe.trail.ahead().filter(({ op, when: at }) => op === 'waiter_state' && at === when);
		const won = states
			.filter(({ w, state }) => state !== 'blocked' && (this.#tasks.get(`w${w}`)?.mapped ?? 0) === 0)
			.sort((a, b) => Number(a.wake_seq) - Number(b.wake_seq))
			.map(({ w, page, slot }): Winner => ({ task: `w${w}`, page: String(page), slot: Number(slot) }));
		for (let win = 0; win < fillerWins; win++) {
			const isLast = win === fillerWins - 1;
			won.push({ task: 'filler', page: `filler ${win}`, slot: isLast ? fillerSlot : -1 });
		}
		return won;
	}

	/** Unmap pages and let the woken tasks run in an order that the trace admits. */
	#unmap(indices: readonly number[], winners: readonly Winner[], flushes: number, cursor = -1): void {
		const { kernel } = this.probe;
		const pages = indices.map(index => this.#page(index));
		const freed = indices.map(index => this.#slotOf(index));
		const slots = kernel.view.pkmap?.slots ?? 0;
		for (const act of scheduleOf({ freed, winners, flushes, cursor, slots })) {
			if (act !== 'unmap') {
				this.#run(this.#tasks.get(act.task));
				continue;
			}
			const page = pages.shift();
			if (page !== undefined) kernel.kunmap(page);
		}
		for (const task of this.#tasks.values()) while (task.isReady) this.#run(task);
	}

	#run(task: ProbeTask | undefined): void {
		task?.run();
		if (task && task !== this.#filler) this.#countWin(task);
	}

	#countWin(task: ProbeTask): void {
		if (task.mapped === 0 || task.order > 0) return;
		task.order = ++this.#won;
		task.stage = this.#stages.length;
	}

	/** A stage of the test begins. @returns what to compare with its time. */
	#begin(): Computed {
		this.#stages.push(this.probe.trail.number('jiffies'));
		return skip('jiffies');
	}

	#unmapOne(): void {
		const { probe } = this;
		const { trail, kernel } = probe;
		const flushes = probe.flushes.length;
		const slot = this.#slotOf(5);
		trail.expect('kunmap_one', { page: 'H5', slot, jiffies: this.#begin() });
		const fillerWins = trail.number('filler_mapped') - this.#filler.mapped;
		const winners = this.#winners('after kunmap H5', fillerWins, trail.number('filler_slot'));
		this.#unmap([5], winners, trail.number('flushes'));
		trail.expect('after_kunmap_one', {
			...this.#fillerState(this.#cap),
			flushes: probe.flushes.length - flushes,
			last_pkmap_nr: kernel.view.pkmap?.lastPkmapNr,
			page_address_H5: kernel.pageAddress(this.#page(5)),
		});
		this.#report('after kunmap H5');
		probe.reportFlushes('kunmap H5', true);
	}

	#unmapTwo(): void {
		const { probe } = this;
		const { trail, kernel } = probe;
		const flushes = probe.flushes.length;
		trail.expect('kunmap_two', {
			pages: 'H9,H7',
			slots: `${this.#slotOf(9)},${this.#slotOf(7)}`,
			jiffies: this.#begin(),
		});
		const fillerWins = trail.number('filler_mapped') - this.#filler.mapped;
		const winners = this.#winners('after kunmap H9,H7', fillerWins, trail.number('filler_slot'));
		this.#unmap([9, 7], winners, trail.number('flushes'));
		trail.expect('after_kunmap_two', {
			...this.#fillerState(this.#filler.mapped - 1),
			flushes: probe.flushes.length - flushes,
			last_pkmap_nr: kernel.view.pkmap?.lastPkmapNr,
		});
		this.#report('after kunmap H9,H7');
		probe.reportFlushes('kunmap H9,H7', true);
	}

	/** @param index The mapping of the filler whose slot the probe reports. */
	#fillerState(index: number): { filler_mapped: number; filler_slot: number } {
		const { mapped } = this.#filler;
		return { filler_mapped: mapped, filler_slot: mapped > this.#cap ? this.#slotOf(index) : -1 };
	}

	#unmapThree(): void {
		const { probe } = this;
		const { trail } = probe;
		const slots = [11, 12, 13].map(index => this.#slotOf(index)).join(',');
		trail.expect('kunmap_three', { pages: 'H11,H12,H13', slots });
		const when = 'after kunmap H11,H12,H13';
		const ahead = trail.ahead();
		const shared = ahead.find(({ op }) => op === 'same_page_waiters');
		const flushes = ahead.filter(({ op, after }) => op === 'flush_tlb_kernel_range' && after === 'kunmap H11..13');
		const fillerWins = Number(shared?.filler_mapped ?? 0) - this.#filler.mapped;
		this.#unmap([11, 12, 13], this.#winners(when, fillerWins), flushes.length);
		this.#report(when);
		probe.reportFlushes('kunmap H11..13', true);
		const [third, fourth] = [this.#tasks.get('w3'), this.#tasks.get('w4')];
		trail.expect('same_page_waiters', {
			w3: third?.address ?? 0,
			w4: fourth?.address ?? 0,
			count: probe.count(probe.slot(third?.address ?? 0)),
			filler_mapped: this.#filler.mapped,
		});
	}

	#releaseAll(): void {
		const { probe } = this;
		const { trail, kernel } = probe;
		const done = trail.ahead().find(({ op }) => op === 'exhaust_done');
		const fillerWins = Number(done?.fill_n ?? 0) - this.#filler.mapped;
		const winners = this.#winners('end', fillerWins);
		const late = new Set(winners.map(({ task }) => task));
		const indices = [...Array(this.#cap).keys()].filter(index => !UNMAPPED_EARLY.includes(index));
		this.#unmap(indices, winners, -1, winners.length > 0 ? Number(done?.last_pkmap_nr ?? -1) : -1);
		for (let index = this.#cap; index < this.#filler.mapped; index++) kernel.kunmap(this.#page(index));
		for (const [name, task] of this.#tasks) if (name !== 'filler') task.release();
		this.#report('end', late);
		trail.expect('exhaust_done', { fill_n: this.#filler.mapped, last_pkmap_nr: kernel.view.pkmap?.lastPkmapNr });
	}

	/** @param late Tasks whose slot shows when they ran. */
	#report(when: string, late: ReadonlySet<string> = new Set()): void {
		const { trail } = this.probe;
		const orders = [...this.#tasks.values()].filter(task => task.order > 0 && !task.isReported).map(task => task.order);
		for (const [name, task] of this.#tasks) {
			if (name === 'filler') continue;
			const isFirst = task.mapped > 0 && !task.isReported;
			task.isReported = task.mapped > 0;
			const index = this.probe.pages.held.indexOf(task.pages[0] ?? (0 as Pfn));
			const slot = task.slots[0] ?? -1;
			trail.expect('waiter_state', {
				when,
				w: Number(name.slice(1)),
				page: `H${index}`,
				state: task.mapped === 0 ? 'blocked' : task.isReleased ? 'released' : 'mapped',
				addr: task.address,
				slot: isFirst && late.has(name) ? skip('moment of a wake-up') : slot,
				wake_seq: isFirst ? this.#learnOrder(task, orders) : task.order,
				jiffies: isFirst ? this.#learnMoment(task) : task.moment,
			});
		}
	}

	/** A single winner has the next number; several share the next ones, each another. */
	#learnOrder(task: ProbeTask, orders: number[]): Computed {
		const recorded = this.probe.trail.number('wake_seq');
		if (orders.length === 1) return task.order;
		const at = orders.indexOf(recorded);
		if (at >= 0) orders[at] = 0;
		task.order = recorded;
		return new InPart('winner of a wake-up', { 'next numbers': [at >= 0 ? 'one of them' : recorded, 'one of them'] });
	}

	#learnMoment(task: ProbeTask): Computed {
		task.moment = this.probe.trail.number('jiffies');
		const stage = this.#stages.filter(begin => begin <= task.moment).length;
		return new InPart('moment of a winner', { stage: [stage, task.stage] });
	}
}
