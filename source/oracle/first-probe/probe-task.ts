import type { Pfn, VirtualAddress } from '../../machine/address.ts';
import type { Task } from '../../memory/context.ts';
import type { Kernel } from '../../memory/kernel.ts';

/** A kernel thread of the probe that kmaps pages one after the other and may sleep in it. */
export class ProbeTask {
	readonly slots: number[] = [];
	pages: readonly Pfn[] = [];
	isStopped = false;
	isReleased = false;
	/** What the probe has reported of it. */
	isReported = false;
	/** Place among those that got their page, from 1; 0 before. */
	order = 0;
	/** Stage of the test in which it got its page. */
	stage = 0;
	/** The time of it, as the trace tells it. */
	moment = 0;
	#address = 0;
	#isBlocked = false;
	readonly #task: Task;
	#slot: (address: number) => number = () => -1;

	constructor(
		readonly kernel: Kernel,
		pid: number,
		comm: string,
	) {
		this.#task = kernel.context.addTask(pid, comm);
	}

	get mapped(): number {
		return this.slots.length;
	}

	/** Address of its last page; 0 when it has none. */
	get address(): number {
		return this.#address;
	}

	/** Whether it has something to do: it was woken, or it has a page left to map. */
	get isReady(): boolean {
		if (this.#task.state === 'uninterruptible' || this.mapped >= this.pages.length) return false;
		return this.#isBlocked || !this.isStopped;
	}

	/** Kmap the pages, as many as go. */
	fill(pages: readonly Pfn[], slot: (address: number) => number): void {
		this.pages = pages;
		this.#slot = slot;
		while (this.isReady) this.run();
	}

	/** Kmap the next page, or go on where it sleeps. */
	run(): void {
		const { context } = this.kernel;
		const page = this.pages[this.mapped];
		if (!this.isReady || page === undefined) return;
		const before = context.task;
		context.switchTask(this.#task);
		const address: VirtualAddress = this.kernel.kmap(page);
		this.#isBlocked = address === 0;
		if (address !== 0) {
			this.#address = address;
			this.slots.push(this.#slot(address));
		}
		context.switchTask(before);
	}

	/** kunmap what it holds. */
	release(): void {
		if (this.mapped === 0) return;
		for (const page of this.pages.slice(0, this.mapped)) this.kernel.kunmap(page);
		this.isReleased = true;
	}
}
