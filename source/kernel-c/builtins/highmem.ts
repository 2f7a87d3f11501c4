import { virtual } from '../../machine/address.ts';
import { hasHighmem } from '../../machine/machine.ts';
import { NO_PAGE } from '../../memory/operations.ts';
import { type Availability, type Environment, operation, query, SLEEPS } from './builtin.ts';
import { frameOf } from './pages.ts';

const TYPED: Availability = { before: '2.6.37' };
// A macro took and ignored the type for some releases more, so that old callers still compiled.
const TRANSITION: Availability = { since: '2.6.37', before: '3.4' };
const STACK: Availability = { since: '2.6.37', before: '5.11' };
const LOCAL: Availability = { since: '5.11' };

const mapAtomic = (env: Environment, page = 0, type?: number) => env.kernel.kmapAtomic(frameOf(env, page), type);
const unmapAtomic = ({ kernel }: Environment, address = 0, type?: number) =>
	kernel.kunmapAtomic(virtual(address), type);

const MAP_HELP = 'map a page into a per-CPU slot of the fixmap; no sleeping until kunmap_atomic';
const UNMAP_HELP = 'drop a mapping of kmap_atomic; takes the address, not the page';

/** mm/highmem.c, include/linux/highmem.h */
export const highmemBuiltins = [
	operation('void *kmap(struct page *page)', 'map a page into the pkmap area; may sleep', (env, page = 0) => {
		const { kernel } = env;
		const address = kernel.kmap(frameOf(env, page));
		return address === 0 && kernel.context.task.state === 'uninterruptible' ? SLEEPS : address;
	}),
	operation(
		'void kunmap(struct page *page)',
		'drop a mapping of kmap; takes the page, not the address',
		(env, page = 0) => env.kernel.kunmap(frameOf(env, page)),
	),
	operation('void *kmap_atomic(struct page *page, int type)', MAP_HELP, mapAtomic, TYPED),
	operation('void kunmap_atomic(void *kvaddr, int type)', UNMAP_HELP, unmapAtomic, TYPED),
	operation('void *kmap_atomic(struct page *page, ...)', MAP_HELP, mapAtomic, TRANSITION),
	operation('void kunmap_atomic(void *kvaddr, ...)', UNMAP_HELP, unmapAtomic, TRANSITION),
	operation('void *kmap_atomic(struct page *page)', MAP_HELP, mapAtomic, { since: '3.4' }),
	operation('void kunmap_atomic(void *kvaddr)', UNMAP_HELP, unmapAtomic, { since: '3.4' }),
	operation(
		'void *kmap_local_page(struct page *page)',
		'map a page for this task alone; it may be preempted',
		(env, page = 0) => env.kernel.kmapLocalPage(frameOf(env, page)),
		LOCAL,
	),
	operation(
		'void kunmap_local(void *addr)',
		'drop the newest mapping of kmap_local_page',
		({ kernel }, address = 0) => kernel.kunmapLocal(virtual(address)),
		LOCAL,
	),
	operation(
		'int kmap_atomic_idx_push(void)',
		'take the next kmap_atomic slot of this CPU',
		({ kernel }) => kernel.kmapAtomicIdxPush(),
		STACK,
	),
	query(
		'int kmap_atomic_idx(void)',
		'the newest kmap_atomic slot taken on this CPU',
		({ kernel }) => kernel.kmapAtomicIdx(),
		STACK,
	),
	operation(
		'void kmap_atomic_idx_pop(void)',
		'give back the newest kmap_atomic slot of this CPU',
		({ kernel }) => kernel.kmapAtomicIdxPop(),
		STACK,
	),
	operation('void kmap_flush_unused(void)', 'unmap all pkmap slots of count 1, with one TLB flush', ({ kernel }) =>
		kernel.kmapFlushUnused(),
	),
	operation(
		'void *kmap_high_get(struct page *page)',
		'pin an existing pkmap mapping, or NULL',
		(env, page = 0) => env.kernel.kmapHighGet(frameOf(env, page)),
		{
			arch: 'arm',
			since: '2.6.30',
			option: [
				'CONFIG_HIGHMEM without ARM_ERRATA_798181',
				machine => machine.arch === 'arm' && hasHighmem(machine) && !machine.errata798181,
			],
		},
	),
	query(
		'void *page_address(struct page *page)',
		'address at which the page is mapped now: lowmem, pkmap or NULL',
		(env, page = 0) => env.kernel.pageAddress(frameOf(env, page)),
	),
	query(
		'struct page *kmap_to_page(void *addr)',
		'page behind a pkmap or lowmem address',
		(env, address = 0) => {
			const frame = env.kernel.kmapToPage(virtual(address), env.isInspecting);
			return frame === NO_PAGE ? 0 : env.kernel.structPage(frame);
		},
		{ since: '3.7' },
	),
];
