import { virtual } from '../../machine/address.ts';
import { VmapArea } from '../../memory/vmalloc/vmap-area.ts';
import type { Range } from './ranges.ts';

/** An area of the vmalloc space that somebody else has, guard page included. */
export const otherArea = ({ start, end }: Range): VmapArea =>
	new VmapArea(virtual(start), end - start, { kind: 'vmalloc', caller: '', pages: 0, step: -1 });
