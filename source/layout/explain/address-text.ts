import stringWidth from 'string-width';
import { alignDown, hex, PAGE_SIZE } from '../../machine/address.ts';
import type { AddressExplanation, NeighbourRegion } from './explain-address.ts';
import { coveredBytes, type PageWalk, type WalkLevel } from './page-walk.ts';
import type { Place } from './place.ts';
import { exactSize, roundSize } from './size-text.ts';
import type { ExplainWords } from './words.ts';

/** The explanation of an address: a heading, then one labelled line a subject. */
export const addressLines = (explanation: AddressExplanation, words: ExplainWords): string[] => {
	const { address, region, place, mapping, walk, frame, below, above } = explanation;
	const { labels } = words;
	const size = words.inParentheses(roundSize(region.end - region.start));
	const rows: [string, string][] = [
		[labels.region, `${rangeText(region)}${size}${words.colon}${words.regions[region.name]}`],
	];
	const there = placeText(place, words);
	if (there !== '') rows.push([labels.place, there]);
	if (frame) {
		const zone = frame.zone === undefined ? words.noRam : words.zone(frame.zone, hex(frame.structPage ?? 0));
		rows.push([
			labels.frame,
			`${words.frame(`0x${frame.pfn.toString(16)}`, hex(frame.physical))}${words.comma}${zone}`,
		]);
	}
	rows.push([labels.walk, walkTitle(walk, words)]);
	for (const level of walk.levels) rows.push(['', levelText(walk, level, words)]);
	if (mapping.how !== 'block' && mapping.how !== 'page') rows.push(['', words.mappings[mapping.how]]);
	rows.push([labels.conversion, conversionText(explanation, words)]);
	if (below) rows.push([labels.below, neighbourText(below, words)]);
	if (above) rows.push([labels.above, neighbourText(above, words)]);
	const width = Math.max(...rows.map(([label]) => stringWidth(label)));
	const lines = rows.map(([label, text]) => `  ${label}${' '.repeat(width - stringWidth(label))}  ${text}`);
	return [`${hex(address)}${words.colon}${region.name}`, ...lines];
};

const rangeText = ({ start, end }: { readonly start: number; readonly end: number }): string =>
	`${hex(start)} - ${hex(end)}`;

const placeText = (place: Place, words: ExplainWords): string => {
	switch (place.in) {
		case 'lowmem':
			return words.parts[place.part];
		case 'pkmap':
			return words.pkmapSlot(place.slot, place.slots);
		case 'fixmap': {
			const { index, name, cpu, depth, type, isBootOnly } = place;
			const parts = [words.fixIndex(index, name)];
			if (cpu !== undefined && depth !== undefined) parts.push(words.kmapSlot(cpu, depth, type));
			else if (isBootOnly) parts.push(words.bootOnly);
			else if (name === '') parts.push(words.noUse);
			return parts.join(words.comma);
		}
		case 'area': {
			const { area, isGuard } = place;
			if (!area) return words.noArea;
			const range = rangeText({ start: area.start, end: area.start + area.bytes });
			return [words.area(area.kind, range, area.caller), ...(isGuard ? [words.guard] : [])].join(words.comma);
		}
		case 'cpu_entry':
			return place.cpu === undefined ? words.idt : words.entryArea(place.cpu, place.page);
		case 'vectors':
			return words.vectorPages[place.page] ?? '';
		case 'other':
			return '';
	}
};

const walkTitle = ({ format, root }: PageWalk, words: ExplainWords): string =>
	`${words.formats[format]}${words.comma}swapper_pg_dir ${root === undefined ? words.inImage : hex(root)}`;

const levelText = (walk: PageWalk, level: WalkLevel, words: ExplainWords): string => {
	const { entry, offset, value, hardware, target } = level;
	const digits = walk.format === 'arm' || walk.format === 'x86' ? 8 : 16;
	const word = (bits: bigint): string => `0x${bits.toString(16).padStart(digits, '0')}`;
	const where = entry === undefined ? words.entryOffset(`0x${offset.toString(16)}`) : words.entryAt(hex(entry));
	const parts = [
		value === undefined
			? targetText(walk, level, words)
			: `${word(value)}${words.comma}${targetText(walk, level, words)}`,
	];
	if (hardware !== undefined) parts.push(words.hardware(word(hardware)));
	if (value === undefined && (target === 'block' || target === 'page')) parts.push(words.targets.undetermined);
	return `${level.level}[${level.index}] ${where}${words.colon}${parts.join(words.comma)}`;
};

const targetText = (
	{ format, physical }: PageWalk,
	{ level, target }: WalkLevel,
	{ targets }: ExplainWords,
): string => {
	const covered = coveredBytes(format, level);
	switch (target) {
		case 'block':
			return targets.block(exactSize(covered), hex(alignDown(physical ?? 0, covered)));
		case 'page':
			return targets.page(hex(alignDown(physical ?? 0, PAGE_SIZE)));
		case 'none':
			return level === 'PTE' ? targets.none : targets.noneBelow;
		default:
			return targets[target];
	}
};

const conversionText = ({ conversion, frame }: AddressExplanation, words: ExplainWords): string => {
	const { isValid, gives, hits } = conversion;
	if (isValid) return words.valid(hex(gives));
	const parts = [words.invalid(hex(gives)), hits === 'no RAM' ? words.hitsNothing : words.hitsRam(hits)];
	if (frame && frame.physical !== gives) parts.push(words.trulyAt(hex(frame.physical)));
	return parts.join(words.comma);
};

const neighbourText = ({ region, distanceBytes }: NeighbourRegion, words: ExplainWords): string =>
	distanceBytes === 0
		? words.adjacent(region.name, rangeText(region))
		: words.away(region.name, rangeText(region), roundSize(distanceBytes));
