/** Branded numbers for the kinds of address a kernel keeps apart, and the one way to print them. */

declare const brand: unique symbol;

/** Page frame number: physical address divided by the page size. */
export type Pfn = number & { readonly [brand]: 'pfn' };

/** A kernel virtual address, unsigned 32 bit. */
export type VirtualAddress = number & { readonly [brand]: 'virtual' };

/** A physical address in bytes; up to 2^40 with LPAE, 2^36 with PAE, so a double holds it exactly. */
export type PhysicalAddress = number & { readonly [brand]: 'physical' };

export const PAGE_SHIFT = 12;
export const PAGE_SIZE = 4096;
export const KiB = 1024;
export const MiB = 1024 * 1024;
export const GiB = 1024 * 1024 * 1024;

/** One byte behind the last 32-bit address. */
export const FOUR_GIB = 4 * GiB;

export const pfn = (value: number): Pfn => value as Pfn;
export const physical = (value: number): PhysicalAddress => value as PhysicalAddress;

/** A virtual address from any arithmetic result, wrapped to unsigned 32 bit as the CPU would. */
export const virtual = (value: number): VirtualAddress => (value >>> 0) as VirtualAddress;

export const pfnToPhysical = (frame: Pfn): PhysicalAddress => (frame * PAGE_SIZE) as PhysicalAddress;
export const physicalToPfn = (address: number): Pfn => Math.floor(address / PAGE_SIZE) as Pfn;

/** `0x` + lower-case hex, at least 8 digits: the product's only spelling of an address. */
export const hex = (address: number): string => `0x${address.toString(16).padStart(8, '0')}`;

/** Round up to a multiple of `step`; `step` need not be a power of two and values may exceed 32 bit. */
export const alignUp = (value: number, step: number): number => Math.ceil(value / step) * step;

/** Round down to a multiple of `step`. */
export const alignDown = (value: number, step: number): number => Math.floor(value / step) * step;
