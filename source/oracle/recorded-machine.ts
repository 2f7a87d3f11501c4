import { machineFromFlags } from '../machine/from-flags.ts';
import { KernelConfig } from '../machine/kernel-config/kernel-config.ts';
import { atLeast } from '../machine/kernel-version.ts';
import type { ImageSections, Machine } from '../machine/machine.ts';
import type { Recording } from './recording.ts';

/** Parameters of the kernel command line that change the memory; the others are the emulator's. */
const PARAMETERS = /(?:^|\s)((?:vmalloc|highmem|mem|cma|reservetop)=\S+)/g;

/** LINUX_VERSION_CODE as text: 0x41 32c is 4.19.44. */
const codeText = (code: number): string => `${code >> 16}.${(code >> 8) & 0xff}.${code & 0xff}`;

const releaseOf = (recording: Recording): string => {
	const code = recording.experiments.find(({ op, version }) => op === 'info' && version !== undefined)?.version;
	// The last number stops at 255 in the code, so the name tells more where it begins with the same release.
	const named = /^\d+\.\d+\.\d+/.exec(recording.kernel_version ?? '')?.[0];
	if (typeof code !== 'number') return named ?? '4.19.0';
	const text = codeText(code);
	const isSameSeries = named?.split('.').slice(0, 2).join('.') === text.split('.').slice(0, 2).join('.');
	return isSameSeries && named && !named.endsWith('.0') ? named : text;
};

const sectionsOf = ({ boot_layout: layout }: Recording): ImageSections | undefined => {
	const range = (name: string): readonly [number, number] | undefined => {
		const row = layout[name];
		const numbers = row && [Number(row.start), Number(row.end)];
		return numbers && !numbers.some(Number.isNaN) ? [numbers[0] ?? 0, numbers[1] ?? 0] : undefined;
	};
	const [text, init, data] = ['.text', '.init', '.data'].map(range);
	return text && init && data ? { text, init, data } : undefined;
};

/** A distribution's kernel, by the flavour in its name. */
export const isDistribution = ({ kernel_version: version }: Recording): boolean => /-(?:armmp|686)/.test(version ?? '');

/** The emulated computer with the kernel that was recorded on it. */
export const recordedMachine = (recording: Recording): Machine => {
	const { inputs, config } = recording;
	const isArm = recording.arch === 'arm';
	const isLpae = config.CONFIG_ARM_LPAE === 'y';
	const release = releaseOf(recording);
	const heading = `# Linux/${isArm ? 'arm' : 'i386'} ${release} Kernel Configuration`;
	const options = Object.entries(config).filter(([name]) => name !== 'CONFIG_CC_VERSION_TEXT');
	const parameters = [...inputs.cmdline.matchAll(PARAMETERS)].map(([, text]) => text).join(' ');
	const machine = machineFromFlags({
		machine: isArm ? (isLpae ? 'vexpress-a15-lpae-4g' : 'vexpress-a15-6.1') : 'qemu-i386-512m',
		kernel: release,
		ram: isArm ? `${inputs.mem_MiB}M@0x40000000` : `${inputs.mem_MiB}M`,
		config: new KernelConfig([heading, ...options.map(([name, value]) => `${name}=${value}`)].join('\n'), '.config'),
		cpus: String(inputs.smp),
		...(parameters === '' ? {} : { cmdline: parameters }),
	});
	// Distributions count memory by groups, which takes a pointer more.
	const structPageBytes = isDistribution(recording) ? (isArm ? 36 : 40) : 32;
	const sections = sectionsOf(recording);
	const common = {
		structPageBytes,
		debug: { ...machine.debug, atomicSleep: false, highmem: config.CONFIG_DEBUG_HIGHMEM === 'y' },
		...(sections ? { sections } : {}),
	};
	if (machine.arch === 'x86') {
		const zoneDma = config.CONFIG_ZONE_DMA === 'y';
		const isBig = isDistribution(recording);
		// Distributions isolate page tables, which only PAE kernels can; the emulated CPU is one that needs it.
		const pti = isBig && machine.pae && atLeast(machine.kernel, '4.19');
		return { ...machine, ...common, zoneDma, pti, fixmap: { ...machine.fixmap, ghes: isBig } };
	}
	const errata798181 = isDistribution(recording);
	const { cma, ...rest } = machine;
	return {
		...rest,
		...common,
		...(cma && config.CONFIG_DMA_CMA === 'y' ? { cma } : {}),
		errata798181,
		...(config.CONFIG_ZONE_DMA === 'y' ? { dmaZone: 'lowmem' as const } : {}),
	};
};
