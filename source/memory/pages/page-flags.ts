/** Flags of an allocated block, kept at its first frame: PG_slab, and PG_head of a compound page. PG_reserved is each page's own. */
export const PAGE_SLAB = 1;
export const PAGE_COMPOUND = 2;
export const PAGE_RESERVED = 4;
