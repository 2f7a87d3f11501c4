import { phrase, type Text } from '../../phrases/phrase.ts';
import { hex } from '../address.ts';
import type { Architecture, Split } from '../machine.ts';
import { PAGE_OFFSETS, SPLITS } from '../split.ts';
import type { AddressSign, Found } from './log-facts.ts';

/** The kernel image and what is made beside it lie this near to the start of lowmem. */
const IMAGE_REACH = 0x1000_0000;

const isNear = (address: number, pageOffset: number): boolean =>
	address >= pageOffset && address - pageOffset < 0x200_0000;

export interface SplitQuestion {
	readonly arch: Architecture;
	readonly addresses: readonly Found<AddressSign>[];
	/** Bytes of lowmem, as far as known. */
	readonly lowmemBytes: number | undefined;
	/** Whether that kernel can be built for 3G_opt or 2G_opt at all. */
	readonly hasOpt: boolean;
	/** Whether early allocations of that version come from the top of lowmem. */
	readonly isTopDown: boolean;
	/** Physical end of what the boot code mapped for the image. */
	readonly imageEnd?: number | undefined;
}

export interface SplitAnswer {
	readonly split: Split;
	readonly line?: number;
	readonly reason: Text;
}

/** Which PAGE_OFFSET the virtual addresses of a log betray. */
export const splitFromSigns = ({
	arch,
	addresses,
	lowmemBytes,
	hasOpt,
	isTopDown,
	imageEnd,
}: SplitQuestion): SplitAnswer => {
	const reach = lowmemBytes ?? 0x4000_0000;
	const fits = (split: Split, isStrict: boolean): boolean =>
		addresses.every(({ value: { kind, virtual } }) => {
			const distance = virtual - PAGE_OFFSETS[split];
			return (
				distance >= 0 &&
				distance < Math.max(reach, IMAGE_REACH) &&
				(kind !== 'image' || !isStrict || distance < (imageEnd ?? IMAGE_REACH))
			);
		});
	// A vendor may have added a split: then the image itself shows it.
	const isThere = (split: Split): boolean =>
		hasOpt ||
		!split.endsWith('_opt') ||
		addresses.some(({ value }) => value.kind === 'image' && isNear(value.virtual, PAGE_OFFSETS[split]));
	const candidates = SPLITS[arch].filter(isThere);
	const strict = candidates.filter(split => fits(split, true));
	// A kernel for several memory nodes keeps its node data anywhere.
	const possible = strict.length > 0 ? strict : candidates.filter(split => fits(split, false));
	const sign = addresses.find(({ value }) => value.kind === 'image') ?? addresses[0];
	if (!sign) return { split: '3G', reason: 'the usual one; the log shows no kernel address' };
	const shown = hex(sign.value.virtual);
	if (possible.length === 0) {
		const below = candidates.find(split => PAGE_OFFSETS[split] <= sign.value.virtual) ?? '1G';
		return { split: below, line: sign.line, reason: phrase('the highest split below {shown}', { shown }) };
	}
	// Of several, an early allocation lies near the end of lowmem where they come from the top, else near its start.
	const distance = (split: Split): number => sign.value.virtual - PAGE_OFFSETS[split];
	const isImage = sign.value.kind === 'image';
	const isLow = isImage ? imageEnd === undefined : !isTopDown || lowmemBytes === undefined;
	const best = possible.reduce((a, b) => ((isLow ? distance(b) < distance(a) : distance(b) > distance(a)) ? b : a));
	return { split: best, line: sign.line, reason: phrase('{shown} lies in lowmem', { shown }) };
};
