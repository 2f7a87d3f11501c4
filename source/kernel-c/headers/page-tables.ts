import type { Machine } from '../../machine/machine.ts';
import type { Availability } from '../builtins/builtin.ts';
import { header } from './item.ts';

const isWide = (machine: Machine): boolean => (machine.arch === 'arm' ? machine.lpae : machine.pae);

const WIDE: Availability = { option: ['PAE or LPAE', isWide] };
const NARROW: Availability = { option: ['two levels of page tables', machine => !isWide(machine)] };

/** asm/pgtable.h, asm/pgtable_types.h: entries of page tables are plain integers here. */
const sizes = (pte: number, pmd: number, pgd: number, pmdShift: number, pgdShift: number): string =>
	[
		`PTRS_PER_PTE ${pte}`,
		`PTRS_PER_PMD ${pmd}`,
		`PTRS_PER_PGD ${pgd}`,
		`PMD_SHIFT ${pmdShift}`,
		`PGDIR_SHIFT ${pgdShift}`,
		'PMD_SIZE (1UL << PMD_SHIFT)',
		'PMD_MASK (~(PMD_SIZE - 1))',
		'PGDIR_SIZE (1UL << PGDIR_SHIFT)',
		'PGDIR_MASK (~(PGDIR_SIZE - 1))',
	]
		.map(line => `#define ${line}`)
		.join('\n\n');

export const PAGE_TABLE_HEADERS = [
	...header(WIDE, sizes(512, 512, 4, 21, 30)),
	...header({ ...NARROW, arch: 'arm' }, sizes(512, 1, 2048, 21, 21)),
	...header({ ...NARROW, arch: 'x86' }, sizes(1024, 1, 1024, 22, 22)),
	...header(
		WIDE,
		`
#define pte_pfn(pte) ((unsigned long)(((pte) & 0xfffffff000ULL) >> PAGE_SHIFT))

#define pud_none(pud) (!(pud))
`,
	),
	...header(
		NARROW,
		`
#define pte_pfn(pte) ((pte) >> PAGE_SHIFT)

#define pud_none(pud) 0
`,
	),
	...header(
		{},
		`
#define pgd_val(x) (x)

#define p4d_val(x) (x)

#define pud_val(x) (x)

#define pmd_val(x) (x)

#define pte_val(x) (x)

#define pgprot_val(x) (x)

#define __pgprot(x) ((pgprot_t)(x))

#define __pte(x) ((pte_t)(x))

#define pgd_none(pgd) 0

#define pgd_bad(pgd) 0

#define pgd_present(pgd) 1

#define p4d_none(p4d) 0

#define p4d_bad(p4d) 0

#define pud_bad(pud) 0

#define pud_present(pud) (!pud_none(pud))

#define pmd_none(pmd) (!(pmd))

#define pmd_present(pmd) ((pmd) != 0)

#define pte_none(pte) (!(pte))

#define pte_present(pte) (((pte) & 1) != 0)

#define pte_page(pte) pfn_to_page(pte_pfn(pte))

#define pud_offset(upper, addr) ((pud_t *)(upper))

#define pte_offset_map(pmd, addr) pte_offset_kernel(pmd, addr)

#define pte_unmap(pte) ((void)(pte))

#define pgd_index(addr) (((addr) >> PGDIR_SHIFT) & (PTRS_PER_PGD - 1))

#define pte_index(addr) (((addr) >> PAGE_SHIFT) & (PTRS_PER_PTE - 1))

#define init_mm (*__init_mm())
`,
	),
	...header({ since: '4.11' }, '#define p4d_offset(pgd, addr) ((p4d_t *)(pgd))'),
	...header(
		{ arch: 'x86' },
		`
#define pmd_large(pmd) (((pmd) & 0x81) == 0x81)

#define pmd_bad(pmd) (((pmd) & 0xffb) != 0x63)

#define pte_write(pte) (((pte) & 2) != 0)

#define pte_young(pte) (((pte) & 0x20) != 0)

#define pte_dirty(pte) (((pte) & 0x40) != 0)
`,
	),
	...header(
		{ arch: 'arm' },
		`
#define pmd_bad(pmd) ((pmd) & 2)

#define pmd_sect(pmd) (((pmd) & 3) == 2)
`,
	),
];
