import { BASIC_HEADERS } from './basics.ts';
import { CPU_MASK_HEADERS } from './cpu-masks.ts';
import { DEVICE_HEADERS } from './devices.ts';
import { HASH_LIST_HEADERS } from './hash-lists.ts';
import { HIGHMEM_HEADERS } from './highmem.ts';
import { HRTIMER_HEADERS } from './hrtimers.ts';
import type { HeaderItem } from './item.ts';
import { LATER_HEADERS } from './later.ts';
import { MEMORY_HEADERS } from './memory.ts';
import { PAGE_TABLE_HEADERS } from './page-tables.ts';
import { PROBE_HEADERS } from './probes.ts';
import { PROCESSOR_HEADERS } from './processors.ts';
import { STRING_HEADERS } from './strings.ts';
import { TREE_HEADERS } from './trees.ts';
import { WAITING_HEADERS } from './waiting.ts';

/** What the headers of all kernels define in C. */
export const HEADER_ITEMS: readonly HeaderItem[] = [
	...BASIC_HEADERS,
	...PROCESSOR_HEADERS,
	...MEMORY_HEADERS,
	...PAGE_TABLE_HEADERS,
	...STRING_HEADERS,
	...CPU_MASK_HEADERS,
	...HASH_LIST_HEADERS,
	...TREE_HEADERS,
	...WAITING_HEADERS,
	...LATER_HEADERS,
	...DEVICE_HEADERS,
	...HIGHMEM_HEADERS,
	...HRTIMER_HEADERS,
	...PROBE_HEADERS,
];
