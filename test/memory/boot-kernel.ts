import type { Pfn, VirtualAddress } from '../../source/machine/address.ts';
import { parseKernelVersion } from '../../source/machine/kernel-version.ts';
import type { ArmMachine, Machine, X86Machine } from '../../source/machine/machine.ts';
import { findMachine } from '../../source/machine/machines.ts';
import type { BootState } from '../../source/memory/boot/boot-state.ts';
import { Kernel } from '../../source/memory/kernel.ts';
import { NO_PAGE } from '../../source/memory/operations.ts';
import { gfpConstants } from '../../source/memory/pages/gfp.ts';

export type Changes = Partial<Omit<ArmMachine, 'kernel' | 'arch'>> &
	Partial<Omit<X86Machine, 'kernel' | 'arch' | 'highmem'>> & { readonly kernel?: string };

/** A ready-made machine with something changed. */
export const machineWith = (id: string, { kernel, ...changes }: Changes = {}): Machine => {
	const machine = findMachine(id);
	const version = kernel === undefined ? machine.kernel : parseKernelVersion(kernel);
	return { ...machine, ...changes, kernel: version } as Machine;
};

/** A booted kernel of a ready-made machine. */
export const boot = (id = 'imx6q-2g', changes: Changes = {}, state: BootState = {}): Kernel =>
	Kernel.boot(machineWith(id, changes), state);

export const debugOptions = { highmem: false, atomicSleep: false, virtual: false, preemptCount: true } as const;

/** One highmem page. Kernels 3.12 to 4.6 spread GFP_HIGHUSER over the zones, so lowmem pages are passed over. */
export const highmemPage = (kernel: Kernel): Pfn => {
	const gfp = gfpConstants(kernel.context.machine.kernel).get('GFP_HIGHUSER') ?? 0;
	for (let tries = 0; tries < 100_000; tries++) {
		const pfn = kernel.allocPages(gfp, 0);
		if (pfn !== NO_PAGE && kernel.isHighmemPage(pfn)) return pfn;
	}
	throw new Error('the machine has no highmem page left');
};

export const highmemPages = (kernel: Kernel, count: number): Pfn[] =>
	Array.from({ length: count }, () => highmemPage(kernel));

/** Addresses read better in hex when an expectation fails. */
export const hexes = (addresses: readonly VirtualAddress[]): string[] =>
	addresses.map(address => `0x${address.toString(16).padStart(8, '0')}`);

/** The lines of the kernel log, without their times. */
export const logOf = (kernel: Kernel): string[] => kernel.view.log.map(line => line.text);

/** Lines that every report of the kernel has behind its first ones: who, where, registers, trace. */
const BODY =
	/^(?:Modules linked in:|Tainted: |CPU:|Hardware name:|EIP:|E[ABCDS][XIP]|Code:|D?S?:|CR[02]:|DS:| DS:|Stack:|Call [Tt]race:|Backtrace:|task:|PC is|LR is|pc :|sp :|r\d+ ?:|Flags:|Control:|Register |Process |---\[ end trace|note: | \S+ from | \[<| \?? ?[a-z_]\w*$|\[<|Mem-Info:| ?[a-z_]+(?:_anon|_file)?:\d|Node 0 |(?:DMA|Normal|HighMem)[ :]|lowmem_reserve|\d+ (?:total )?page|Swap cache|Free swap|Total swap)/;

/** The lines of the kernel log without the bodies of its reports. */
export const wordsOf = (kernel: Kernel): string[] => {
	const lines = logOf(kernel).map(line => line.trimEnd());
	return lines.filter(line => !BODY.test(line));
};
