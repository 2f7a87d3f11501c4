import { GiB, KiB, MiB } from '../../machine/address.ts';

/** A size for people: `4 kB`, `768 MB`, `1.5 GB`; kB and MB as the kernel means them. */
export const bytesText = (bytes: number): string => {
	if (bytes >= GiB) return `${trim(bytes / GiB)} GB`;
	if (bytes >= MiB) return `${trim(bytes / MiB)} MB`;
	return bytes >= KiB ? `${trim(bytes / KiB)} kB` : `${bytes} B`;
};

const trim = (value: number): string => String(Math.round(value * 10) / 10);

/** A share for people: `0%`, `<1%`, `37%`, `>99%`, `100%`; never 0 or 100 when it is not exactly that. */
export const shareText = (part: number, whole: number): string => {
	if (part <= 0 || whole <= 0) return '0%';
	if (part >= whole) return '100%';
	const percent = (part / whole) * 100;
	return percent < 1 ? '<1%' : percent > 99 ? '>99%' : `${Math.round(percent)}%`;
};
