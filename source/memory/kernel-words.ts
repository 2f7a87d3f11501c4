import { hex } from '../machine/address.ts';
import { byVersion, type VersionRow } from '../machine/by-version.ts';
import { atLeast } from '../machine/kernel-version.ts';
import type { Architecture } from '../machine/machine.ts';
import type { Text } from '../phrases/phrase.ts';
import type { Recorder } from './checkpoint.ts';
import type { KernelContext } from './context.ts';

const CUT_HERE = '------------[ cut here ]------------';

/** First words of an oops (arch/arm/mm/fault.c: __do_kernel_fault, arch/x86/mm/fault.c: show_fault_oops). */
interface OopsWords extends VersionRow {
	readonly nullPointer: string;
	readonly paging: string;
	/** Whether the two `#PF:` lines follow (x86), or `8<--- cut here ---` comes first (ARM). */
	readonly isLong: boolean;
	/** Whether ` when read` or ` when write` ends the line (ARM). */
	readonly namesAccess: boolean;
}

const ARM_WORDS = {
	nullPointer: 'Unable to handle kernel NULL pointer dereference at virtual address ',
	paging: 'Unable to handle kernel paging request at virtual address ',
} as const;
const X86_WORDS = {
	nullPointer: 'BUG: unable to handle kernel NULL pointer dereference at ',
	paging: 'BUG: unable to handle kernel paging request at ',
	namesAccess: false,
} as const;

const OOPS: Readonly<Record<Architecture, readonly [OopsWords, ...OopsWords[]]>> = {
	arm: [
		{ since: '2.6.24', ...ARM_WORDS, isLong: false, namesAccess: false },
		{ since: '5.1', ...ARM_WORDS, isLong: true, namesAccess: false },
		{ since: '6.12', ...ARM_WORDS, isLong: true, namesAccess: true },
	],
	x86: [
		{ since: '2.6.24', ...X86_WORDS, isLong: false },
		{
			since: '5.1',
			nullPointer: 'BUG: kernel NULL pointer dereference, address: ',
			paging: 'BUG: unable to handle page fault for address: ',
			isLong: true,
			namesAccess: false,
		},
	],
};

/** What the page tables say about an address that could not be reached; it shapes the fault status word. */
export interface FaultingAccess {
	readonly address: number;
	readonly isWrite: boolean;
	/** Whether a last-level table covers the address. */
	readonly hasTable: boolean;
	/** Whether it lies in the fixmap, whose table is in domain 3 on ARM. */
	readonly isFixmap: boolean;
}

/**
 * BUG, WARN and oops in the kernel's own words, for the machine's architecture and version. Registers, stack and trace
 * are left out: no code of a real kernel runs here.
 */
export class KernelWords {
	#oopses = 0;

	constructor(readonly context: KernelContext) {}

	keep(recorder: Recorder): void {
		recorder.value(this.#oopses, oopses => {
			this.#oopses = oopses;
		});
	}

	/**
	 * BUG(): the current task is killed.
	 * @param where Source file and line: `mm/highmem.c:349`.
	 * @param reason The broken rule in plain words.
	 */
	bug(where: string, reason: Text): never {
		this.context.printk(CUT_HERE, 0);
		const after = this.#isArm ? 'Internal error: Oops - BUG: 0' : 'invalid opcode: 0000';
		return this.context.fault([`kernel BUG at ${where}!`, this.#oopsLine(after)], reason);
	}

	/**
	 * WARN(): the kernel says it and goes on.
	 * @param where Source file, line and function: `mm/vmalloc.c:1514 __vunmap`.
	 */
	warn(where: string, text?: string): void {
		const { context } = this;
		const warning = `WARNING: CPU: ${context.cpu.id} PID: ${context.task.pid} at ${where}`;
		context.printk(CUT_HERE, 4);
		// x86 prints a WARN's own text before the location since it warns through an exception (4.12), ARM after it.
		const isTextFirst = !this.#isArm && atLeast(context.machine.kernel, '4.12');
		if (text !== undefined && isTextFirst) context.printk(text, 4);
		context.printk(warning, 4);
		if (text !== undefined && !isTextFirst) context.printk(text, 4);
	}

	/** An access that no mapping serves. */
	pageFault(access: FaultingAccess, reason: Text): never {
		const { context } = this;
		const words = byVersion(context.machine.kernel, OOPS[context.machine.arch]);
		const digits = hex(access.address).slice(2);
		const verb = access.isWrite ? 'write' : 'read';
		const first = `${access.address < 4096 ? words.nullPointer : words.paging}${digits}`;
		if (this.#isArm) {
			if (words.isLong) context.printk('8<--- cut here ---', 1);
			const named = words.namesAccess ? `${first} when ${verb}` : first;
			const pgd = access.hasTable ? [] : [`[${digits}] *pgd=00000000`];
			return context.fault([named, ...pgd, this.#oopsLine(`Internal error: Oops: ${this.#armStatus(access)}`)], reason);
		}
		const details = words.isLong
			? [
					`#PF: supervisor ${verb} access in kernel mode`,
					`#PF: error_code(${access.isWrite ? '0x0002' : '0x0000'}) - not-present page`,
				]
			: [];
		const pde = access.hasTable ? [] : [this.#isPae ? '*pdpt = 0000000000000000' : '*pde = 00000000'];
		return context.fault(
			[first, ...details, ...pde, this.#oopsLine(`Oops: ${access.isWrite ? '0002' : '0000'}`)],
			reason,
		);
	}

	/**
	 * An exception of the processor other than a page fault.
	 * @param what `divide error: 0000`, without the oops's number.
	 */
	trap(what: string, reason: string): never {
		return this.context.fault([this.#oopsLine(what)], reason);
	}

	get #isArm(): boolean {
		return this.context.machine.arch === 'arm';
	}

	get #isPae(): boolean {
		return this.context.machine.arch === 'x86' && this.context.machine.pae;
	}

	#oopsLine(text: string): string {
		const smp = this.context.machine.nrCpus > 1 ? ' SMP' : '';
		return `${text} [#${++this.#oopses}]${smp}${this.#isArm ? ' ARM' : ''}`;
	}

	/** The fault status register in hex: 5 no table, 7 no page, domain in bits 4 to 7, 0x800 for a write. */
	#armStatus(access: FaultingAccess): string {
		const isLpae = this.context.machine.arch === 'arm' && this.context.machine.lpae;
		const translation = isLpae ? (access.hasTable ? 0x207 : 0x206) : access.hasTable ? 7 : 5;
		const domain = access.isFixmap && !isLpae ? 0x30 : 0;
		return (translation | domain | (access.isWrite ? 0x800 : 0)).toString(16);
	}
}
