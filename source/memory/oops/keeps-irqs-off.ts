import { atLeast } from '../../machine/kernel-version.ts';
import type { KernelContext } from '../context.ts';
import type { FaultingAccess } from './fault-lines.ts';

/**
 * Whether the handler of a page fault comes to its end with interrupts off, as the exception left them: it switches them
 * on again for some addresses only (arch/x86/mm/fault.c: do_user_addr_fault, arch/arm/mm/fault.c: do_page_fault).
 * @param first The fault's first line.
 */
export const keepsIrqsOff = (context: KernelContext, access: FaultingAccess, first: string): boolean => {
	const { machine, layout, cpu, task } = context;
	const { address, hasTable, isPresent = false } = access;
	// The window of kmap lies below the kernel's own addresses on ARM.
	const isPkmap = layout.pkmap !== undefined && layout.pkmap !== null && address >= layout.pkmap.base;
	const isUserAddress = address < layout.pageOffset && !isPkmap;
	if (machine.arch === 'x86')
		return cpu.irqsDisabled || !isUserAddress || cpu.pagefaultDisabled > 0 || task.isKernel === true;
	if (first.startsWith('Unhandled')) return true;
	if (hasTable || isUserAddress) return false;
	// do_sect_fault, and before 6.9 do_translation_fault of a kernel address.
	return isPresent || !atLeast(machine.kernel, '6.9');
};
