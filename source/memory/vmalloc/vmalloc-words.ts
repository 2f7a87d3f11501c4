import { hex } from '../../machine/address.ts';
import { byVersion, type VersionRow } from '../../machine/by-version.ts';
import { atLeast } from '../../machine/kernel-version.ts';
import { phrase } from '../../phrases/phrase.ts';
import type { Recorder } from '../checkpoint.ts';
import type { KernelContext } from '../context.ts';
import type { KernelWords } from '../kernel-words.ts';
import { pointerText } from '../oops/pointer-text.ts';
import { gfpBits, gfpText } from '../pages/gfp.ts';
import type { VmallocRules } from './vmalloc-rules.ts';

/** Why vmalloc gave nothing. */
export type VmallocFailure =
	| { readonly cause: 'size 0' | 'more than RAM' | 'no range' }
	| { readonly cause: 'no page'; readonly gotBytes: number };

/** How a kernel says that vmalloc failed (mm/vmalloc.c, mm/page_alloc.c: warn_alloc). */
interface FailureWords extends VersionRow {
	readonly style: 'silent' | 'two lines' | 'one line' | 'error';
	/** What follows the flags. */
	readonly ending: string;
}

const FAILURE: readonly [FailureWords, ...FailureWords[]] = [
	{ since: '2.6.24', style: 'silent', ending: '' },
	{ since: '3.0', style: 'two lines', ending: '' },
	{ since: '4.9', style: 'one line', ending: '' },
	{ since: '4.12', style: 'one line', ending: ', nodemask=(null)' },
	{ since: '5.0', style: 'one line', ending: ', nodemask=(null),cpuset=/,mems_allowed=0' },
	{ since: '5.13', style: 'error', ending: ', nodemask=(null),cpuset=/,mems_allowed=0' },
];

/** What the kernel says when vmalloc, vfree, ioremap or iounmap are misused or cannot be served. */
export class VmallocWords {
	#hasWarnedZero = false;

	constructor(
		readonly context: KernelContext,
		readonly words: KernelWords,
		readonly rules: VmallocRules,
	) {}

	keep(recorder: Recorder): void {
		recorder.value(this.#hasWarnedZero, hasWarnedZero => {
			this.#hasWarnedZero = hasWarnedZero;
		});
	}

	noRange(bytes: number, from: number, to: number): void {
		this.context.printk(this.rules.noRange(bytes, hex(from), hex(to)), 4);
	}

	failed(bytes: number, failure: VmallocFailure): void {
		const { kernel } = this.context.machine;
		const { style, ending } = byVersion(kernel, FAILURE);
		const comm = this.context.task.comm;
		const bits = gfpBits(kernel);
		// vmalloc() itself adds __GFP_HIGHMEM before 4.12, the page loop does later.
		const gfp = atLeast(kernel, '4.12') ? bits.kernel : bits.kernel | bits.highmem;
		const mode = `0x${gfp.toString(16)}`;
		const got = failure.cause === 'no page' ? `, allocated ${failure.gotBytes} of ${bytes} bytes` : `: ${bytes} bytes`;
		if (style === 'silent') return;
		if (style === 'two lines') {
			this.context.printk(`vmalloc: allocation failure${got}`, 4);
			this.context.printk(`${comm}: page allocation failure: order:0, mode:${mode}`, 4);
			this.#showState();
			return;
		}
		const flags = `mode:${mode}(${gfpText(kernel, gfp)})${ending}`;
		if (style === 'one line') {
			this.context.printk(`${comm}: vmalloc: allocation failure${got}, ${flags}`, 4);
			this.#showState();
			return;
		}
		if (failure.cause === 'size 0') {
			const isNew = atLeast(kernel, '6.9');
			const where = isNew ? 'mm/vmalloc.c:3838 __vmalloc_node_range_noprof' : 'mm/vmalloc.c:3170 __vmalloc_node_range';
			if (!this.#hasWarnedZero) this.words.warn(where);
			this.#hasWarnedZero = true;
			return;
		}
		const why = {
			'more than RAM': 'exceeds total pages',
			'no range': 'vm_struct allocation failed',
			'no page': 'page order 0, failed to allocate pages',
		}[failure.cause];
		this.context.printk(`${comm}: vmalloc error: size ${bytes}, ${why}, ${flags}`, 4);
		this.#showState();
	}

	/** warn_alloc: the stack and the zones. */
	#showState(): void {
		this.words.dumpStack();
		this.words.showMem();
	}

	badAddress(address: number): void {
		this.words.warn(this.rules.badAddressAt, `Trying to vfree() bad address (${this.#pointer(address)})`);
		// remove_vm_area() gave NULL, of which vfree() complains as of an area that is not there.
		if (this.rules.badAddressAt.endsWith(' remove_vm_area')) this.noArea(address, 'vfree', true);
	}

	/** @param hadArea Whether an area was there that has been freed since. */
	noArea(address: number, call: 'vfree' | 'vunmap', hadArea: boolean): void {
		if (this.rules.oopsesWithoutArea && !hadArea) {
			// find_vmap_area() gave NULL and its ->vm is read.
			this.words.pageFault(
				{
					address: this.context.machine.arch === 'arm' ? 0x24 : 0x28,
					isWrite: false,
					hasTable: false,
					isFixmap: false,
				},
				phrase('{call}({address}): no area ever began there, and this kernel follows the null pointer', {
					call,
					address: hex(address),
				}),
				'__vunmap',
			);
		}
		const ownWords = call === 'vunmap' && this.rules.vunmapNoAreaAt !== undefined;
		const where = ownWords ? (this.rules.vunmapNoAreaAt ?? '') : this.rules.noAreaAt;
		this.words.warn(
			where,
			`Trying to ${ownWords ? 'vunmap' : 'vfree'}() nonexistent vm area (${this.#pointer(address)})`,
		);
	}

	iounmapBadAddress(address: number): void {
		this.context.printk(`iounmap: bad address ${this.#pointer(address)}`, 3);
		this.words.dumpStack();
	}

	/** Only x86 names the range; ARM's WARN has no text. Ends inclusive. */
	ioremapOfRam(first: number, last: number): void {
		if (this.context.machine.arch === 'arm') {
			const line = atLeast(this.context.machine.kernel, '5.11')
				? 318
				: atLeast(this.context.machine.kernel, '5.0')
					? 288
					: 303;
			this.words.warn(`arch/arm/mm/ioremap.c:${line} __arm_ioremap_pfn_caller`);
			return;
		}
		const line = atLeast(this.context.machine.kernel, '5.15')
			? 211
			: atLeast(this.context.machine.kernel, '5.0')
				? 210
				: atLeast(this.context.machine.kernel, '4.19')
					? 165
					: 121;
		this.words.warn(`arch/x86/mm/ioremap.c:${line} __ioremap_caller`, `ioremap on RAM at ${hex(first)} - ${hex(last)}`);
	}

	#pointer(address: number): string {
		return pointerText(this.context.machine, address);
	}
}
