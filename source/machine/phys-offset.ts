import { alignDown, MiB, type PhysicalAddress, physical } from './address.ts';
import { byVersion, type VersionRow } from './by-version.ts';
import type { Machine } from './machine.ts';

/** Steps in which the run-time patching of ARM's address conversion can place RAM (arch/arm/kernel/phys2virt.S). */
interface PatchRules extends VersionRow {
	readonly stepBytes: number;
}

const PATCH_RULES: readonly [PatchRules, ...PatchRules[]] = [
	{ since: '2.6.24', stepBytes: 16 * MiB },
	{ since: '5.11', stepBytes: 2 * MiB },
];

/** PHYS_OFFSET: the physical address that PAGE_OFFSET stands for. Zero on x86. */
export const physOffsetOf = (machine: Machine): PhysicalAddress => {
	if (machine.arch === 'x86') return physical(0);
	const { kernel, ram, physOffset } = machine;
	return physOffset ?? physical(alignDown(ram[0]?.base ?? 0, byVersion(kernel, PATCH_RULES).stepBytes));
};
