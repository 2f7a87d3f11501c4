import { byVersion, type VersionRow } from '../../../machine/by-version.ts';
import type { Machine } from '../../../machine/machine.ts';

/** How slub_debug differs from release to release (mm/slub.c), as running kernels showed it. */
export interface SlabDebugRules extends VersionRow {
	/** A red zone also lies before an object. */
	readonly hasLeftZone?: boolean;
	/** kfree of an object that does not pass leaves it in use; earlier it went onto the free list as it was. */
	readonly keepsBroken?: boolean;
	/** kfree ends the object's link before it looks at anything (slab_free_freelist_hook). */
	readonly endsLinkFirst?: boolean;
	/** What is left of a free list after an allocation turns round (deactivate_slab). */
	readonly turnsList?: boolean;
	/** Slabs stay on the node's list while objects are taken from them one by one (alloc_single_from_partial). */
	readonly takesOne?: boolean;
	/** The size that was asked for stands behind the tracks. */
	readonly keepsSize?: boolean;
	/** What lies between that size and the object's end is a red zone too. */
	readonly zonesRest?: boolean;
	/** Stacks go to a depot, and tracks hold a handle of one. */
	readonly hasDepot?: boolean;
	/** Left and right red zones have names of their own, headings are wider, and reports tell the offset. */
	readonly namesZones?: boolean;
	/** Reports say what they restore, have no `INFO: ` and taint the kernel at their end. */
	readonly isTerse?: boolean;
	/** A report names the bytes first, and a warning follows it; a slab that failed is not used again. */
	readonly warns?: boolean;
}

const OLD: SlabDebugRules = { since: '2.6.24', turnsList: true };
const LEFT: SlabDebugRules = { ...OLD, since: '4.6', hasLeftZone: true, keepsBroken: true };
const HOOK: SlabDebugRules = { ...LEFT, since: '5.3', endsLinkFirst: true };
const NAMED: SlabDebugRules = { ...HOOK, since: '5.10', namesZones: true };
const SPLICED: SlabDebugRules = { ...NAMED, since: '5.12', turnsList: false };
const TERSE: SlabDebugRules = { ...SPLICED, since: '5.14', isTerse: true };
const DEPOT: SlabDebugRules = { ...TERSE, since: '5.18', hasDepot: true };
const SINGLE: SlabDebugRules = { ...DEPOT, since: '6.1', takesOne: true, keepsSize: true };
const REST: SlabDebugRules = { ...SINGLE, since: '6.2', zonesRest: true };
const DIRECT: SlabDebugRules = { ...REST, since: '6.8', endsLinkFirst: false };
const WARNING: SlabDebugRules = { ...DIRECT, since: '6.12', warns: true };

const ROWS = [OLD, LEFT, HOOK, NAMED, SPLICED, TERSE, DEPOT, SINGLE, REST, DIRECT, WARNING] as const;

export const slabDebugRules = ({ kernel }: Machine): SlabDebugRules => byVersion(kernel, ROWS);
