import { hex } from '../../machine/address.ts';
import { atLeast } from '../../machine/kernel-version.ts';
import type { Machine } from '../../machine/machine.ts';
import type { VmallocAreaView } from '../memory-view.ts';

/**
 * /proc/vmallocinfo (mm/vmalloc.c: s_show), with real addresses as a privileged reader sees them. A lazily freed range is
 * hidden before 4.19 and shown as `unpurged vm_area` from then on.
 */
export const formatVmallocinfo = (machine: Machine, areas: readonly VmallocAreaView[]): string[] => {
	const showsLazy = atLeast(machine.kernel, '4.19');
	return areas.filter(area => showsLazy || !area.isLazy).map(area => row(machine, area));
};

const row = (machine: Machine, area: VmallocAreaView): string => {
	const range = `${hex(area.start)}-${hex(area.start + area.bytes)} ${String(area.bytes).padStart(7)}`;
	if (area.isLazy) return `${range} unpurged vm_area`;
	if (area.kind === 'vm_map_ram') return `${range} vm_map_ram`;
	const fields = [
		area.caller,
		area.kind === 'ioremap' ? '' : `pages=${area.pages}`,
		area.physical === undefined ? '' : `phys=${physicalText(machine, area.physical)}`,
		KIND_WORD[area.kind],
	];
	return [range, ...fields.filter(field => field !== '')].join(' ');
};

const KIND_WORD: Readonly<Record<VmallocAreaView['kind'], string>> = {
	vmalloc: 'vmalloc',
	module: 'vmalloc',
	ioremap: 'ioremap',
	vmap: 'vmap',
	vm_map_ram: '',
	percpu: 'vmalloc',
};

/** `%llx` in 4.4; `%pa` as recorded from 4.19 on: 0x and all digits of a phys_addr_t, 64 bit wide with PAE and LPAE. */
const physicalText = (machine: Machine, physical: number): string => {
	if (!atLeast(machine.kernel, '4.9')) return physical.toString(16);
	const isWide = machine.arch === 'x86' ? machine.pae : machine.lpae;
	return `0x${physical.toString(16).padStart(isWide ? 16 : 8, '0')}`;
};
