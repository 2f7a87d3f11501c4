import { hex, KiB, MiB, virtual } from '../machine/address.ts';
import type { LayoutRow } from './layout.ts';

type SizeUnit = 'kB' | 'MB';

/** How a row says its addresses and its size. */
export interface RowStyle {
	/** Label with the kernel's own blanks, up to and with the colon: `    fixmap  :`. */
	readonly label: string;
	readonly unit: SizeUnit;
	/** Whether a begun kilobyte counts as a whole one (MLK_ROUNDUP). */
	readonly isRoundedUp?: boolean;
	/** Whether %p hides the addresses, as it does from 4.15 on before there is entropy for its hash. */
	readonly isHidden?: boolean;
}

/** One printed row of the mem_init table: `label 0x%08lx - 0x%08lx   (%4ld kB)`. */
export const layoutRow = (style: RowStyle, start: number, end: number): LayoutRow => {
	const units = (end - start) / (style.unit === 'kB' ? KiB : MiB);
	const size = String(style.isRoundedUp ? Math.ceil(units) : Math.floor(units)).padStart(4);
	// The kernel's end is a 32-bit value, so an end at 4 GiB prints as zero.
	const addresses = style.isHidden ? '0x(ptrval) - 0x(ptrval)' : `${hex(virtual(start))} - ${hex(virtual(end))}`;
	return {
		name: style.label.replace(':', '').trim(),
		start: virtual(start),
		end,
		text: `${style.label} ${addresses}   (${size} ${style.unit})`,
	};
};
