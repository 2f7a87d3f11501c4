import type { Pfn, VirtualAddress } from '../machine/address.ts';
import type { Task } from './context.ts';
import { KernelAddresses } from './kernel-addresses.ts';
import type { NO_PAGE } from './operations.ts';
import { allocContiguous } from './pages/contiguous.ts';
import { MigrateType } from './pages/page-frames.ts';
import { operation } from './paging/counters.ts';

const READ = operation('read');
const WRITE = operation('write');
const MMAP = operation('mmap');
const MUNMAP = operation('munmap');
const FORK = operation('fork');
const EXIT = operation('exit');

/** Loads and stores by address, and the memory of processes behind addresses of their own. */
export class KernelAccess extends KernelAddresses {
	mmap(bytes: number): VirtualAddress {
		this.counters.begin(MMAP);
		return this.parts.users.mmap(bytes);
	}

	munmap(address: VirtualAddress, bytes: number): void {
		this.counters.begin(MUNMAP);
		this.parts.users.munmap(address, bytes);
	}

	touchUser(address: VirtualAddress, isWrite: boolean): Pfn | typeof NO_PAGE {
		this.counters.begin(isWrite ? WRITE : READ);
		return this.parts.users.touch(address, isWrite);
	}

	forkMemory(child: Task): boolean {
		this.counters.begin(FORK);
		return this.parts.users.fork(child);
	}

	die(task: Task): boolean {
		return this.parts.death.die(task);
	}

	exitMemory(task: Task): void {
		this.counters.begin(EXIT);
		this.parts.users.exit(task);
	}

	splitPage(pfn: Pfn, order: number): void {
		this.parts.pages.split(pfn, order);
	}

	allocContiguous(count: number, order: number): Pfn | typeof NO_PAGE {
		return allocContiguous(this.parts.pages, count, order);
	}

	isContiguous(pfn: Pfn): boolean {
		return this.parts.pages.zones.some(
			({ startPfn, endPfn, blocks }) => pfn >= startPfn && pfn < endPfn && blocks.type(pfn) === MigrateType.cma,
		);
	}

	setPageReserved(pfn: Pfn, isReserved: boolean): void {
		this.parts.pages.reserved.set(pfn, isReserved);
	}

	pageReserved(pfn: Pfn): boolean {
		const isBoot = this.parts.pages.view.page(pfn)?.state === 'reserved';
		return isBoot || this.parts.pages.reserved.has(pfn);
	}

	read(address: VirtualAddress, bytes: number): bigint {
		this.counters.begin(READ);
		return this.parts.access.read(address, bytes);
	}

	write(address: VirtualAddress, bytes: number, value: bigint): void {
		this.counters.begin(WRITE);
		this.parts.access.write(address, bytes, value);
	}

	place(address: VirtualAddress, bytes: number, value: bigint): void {
		this.parts.access.place(address, bytes, value);
	}

	fetch(address: VirtualAddress): void {
		this.parts.access.fetch(address);
	}
}
