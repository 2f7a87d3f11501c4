import { phrase, type Text } from '../../phrases/phrase.ts';
import { alignUp, KiB, PAGE_SIZE } from '../address.ts';
import { movedSections } from '../changes.ts';
import { type KernelVersion, parseKernelVersion } from '../kernel-version.ts';
import type { Architecture, ImageSections, Machine } from '../machine.ts';
import type { Found, ImageRanges, LogFacts } from './log-facts.ts';
import type { AssumptionList } from './log-reading.ts';

/** What people call the machine; not every log says. */
export const titleOf = ({ machineName }: LogFacts, arch: Architecture): Pick<Machine, 'title' | 'origin'> =>
	machineName ? { title: machineName.value } : { title: `${arch} machine`, origin: 'log' };

/** Kernel release of the log; from the name of its image where the head is missing. */
export const kernelOf = (
	facts: LogFacts,
	fallback: () => readonly [string, Text],
	list: AssumptionList,
): KernelVersion => {
	const { kernel, commandLine, madeFrom } = facts;
	if (kernel && madeFrom && isSameSeries(kernel.value, madeFrom.value)) {
		const version = { ...versionOf(madeFrom.value), text: kernel.value };
		const text = `${kernel.value} (${madeFrom.value})`;
		return list.note(version, 'kernel', text, 'its first line, which names what it is made from', kernel.line);
	}
	if (kernel) return list.note(versionOf(kernel.value), 'kernel', kernel.value, 'its first line', kernel.line);
	const image = /BOOT_IMAGE=[^ ]{0,80}?vmlinuz-(\d[\w.+~-]{1,60})/.exec(commandLine?.value ?? '');
	if (image?.[1]) {
		return list.note(versionOf(image[1]), 'kernel', image[1], 'the name of its image', commandLine?.line);
	}
	if (facts.kernelHint) {
		const { release, word } = facts.kernelHint.value;
		const since = phrase('{word} is there since {release}; no release is told', { word, release });
		return list.note(versionOf(release), 'kernel', release, since, facts.kernelHint.line);
	}
	const [text, reason] = fallback();
	return list.note(versionOf(text), 'kernel', text, reason);
};

const isSameSeries = (a: string, b: string): boolean => {
	const [first, second] = [versionOf(a), versionOf(b)];
	return first.major === second.major && first.minor === second.minor;
};

/** A release as vendors write it too: whatever follows the numbers is kept as text. */
export const versionOf = (text: string): KernelVersion => {
	const numbers = /^\d{1,2}\.\d{1,3}(?:\.\d{1,4})?/.exec(text)?.[0] ?? '4.19';
	return { ...parseKernelVersion(numbers), text };
};

/** CONFIG_NR_CPUS and the CPUs that came up. */
export const cpusOf = (
	facts: LogFacts,
	usualNrCpus: number,
	most: number,
	list: AssumptionList,
): { nrCpus: number; cpusOnline: number } => {
	const { isSmp, nrCpus, cpusOnline } = facts;
	if (isSmp?.value === false) {
		list.note(1, 'NR_CPUS', '1', 'no SMP in the first line', isSmp.line);
		return { nrCpus: 1, cpusOnline: 1 };
	}
	const online = Math.max(1, Math.min(cpusOnline?.value ?? 1, most));
	if (cpusOnline) list.note(online, 'CPUs', String(online), 'counted there', cpusOnline.line);
	else list.note(online, 'CPUs', String(online), 'the log shows no number');
	if (nrCpus) {
		const count = Math.max(1, Math.min(nrCpus.value, most));
		return {
			nrCpus: list.note(count, 'NR_CPUS', String(count), 'printed there', nrCpus.line),
			cpusOnline: Math.min(online, count),
		};
	}
	const count = Math.max(usualNrCpus, online);
	return { nrCpus: list.note(count, 'NR_CPUS', String(count), 'the usual value'), cpusOnline: online };
};

/** Largest buddy order, where the free lists are shown. */
export const maxOrderOf = ({ maxOrder }: LogFacts, usual: number, list: AssumptionList): number =>
	maxOrder ? list.note(maxOrder.value, 'largest order', String(maxOrder.value), 'columns there', maxOrder.line) : usual;

/**
 * Parts of the image where /proc/iomem shows them, or else by the sizes that the Memory line gives; their true places are
 * known to the linker only.
 * @param toVirtual Of an address in lowmem.
 */
export const sectionsOf = (
	facts: LogFacts,
	start: number,
	usual: ImageSections,
	toVirtual: (physical: number) => number,
): ImageSections => {
	const seen = imageSections(facts.image?.value ?? {}, usual, toVirtual);
	if (seen) return seen;
	const code = facts.memory?.value.codeKb;
	if (code === undefined || code === 0) return movedSections(usual, start - usual.text[0]);
	const textEnd = start + Math.min(code, 65536) * KiB;
	const initEnd = textEnd + Math.min(facts.memory?.value.initKb ?? 512, 65536) * KiB;
	const dataEnd = initEnd + 512 * KiB;
	return {
		text: [start, textEnd],
		init: [textEnd, initEnd],
		data: [initEnd, dataEnd],
		...(usual.bss ? { bss: [dataEnd, dataEnd + 512 * KiB] as const } : {}),
	};
};

/** The init sections have no row of their own: they lie between the others, and are free again. */
const imageSections = (
	{ code, rodata, data, bss }: ImageRanges,
	usual: ImageSections,
	toVirtual: (physical: number) => number,
): ImageSections | undefined => {
	if (!code || !data || data.start < code.end) return undefined;
	const range = (from: number, to: number): [number, number] => [toVirtual(from), toVirtual(Math.max(from, to))];
	const text = range(code.start, code.end);
	// x86 has them behind the data, ARM, whose data row includes bss, before it.
	if (!usual.bss) {
		const dataEnd = alignUp(data.end, PAGE_SIZE);
		return { text, data: range(code.end, data.end), init: range(dataEnd, bss?.start ?? dataEnd) };
	}
	const init = range(Math.max(code.end, rodata?.end ?? 0), data.start);
	return { text, init, data: range(data.start, data.end), bss: range(data.end, data.end) };
};

/** Words of the kernel command line that move a border. */
const MOVING_WORDS: Readonly<Record<Architecture, RegExp>> = {
	arm: /(?:^| )(?:vmalloc|mem|cma|highmem)=[^ ]{1,40}/g,
	x86: /(?:^| )(?:vmalloc|mem|highmem|reservetop)=[^ ]{1,40}/g,
};

/** Note what of a kernel command line moves a border. */
export const noteMovingWords = ({ value, line }: Found<string>, arch: Architecture, list: AssumptionList): void => {
	const moving = value.match(MOVING_WORDS[arch])?.join('').trim();
	if (moving) list.note(moving, 'command line', moving, 'what moves a border', line);
};

/** sizeof(struct page) of these kernels. */
export const STRUCT_PAGE_SIZES = [32, 36, 40, 44, 48, 56, 64] as const;
