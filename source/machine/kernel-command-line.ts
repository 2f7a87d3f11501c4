import { alignDown, PAGE_SIZE, type PhysicalAddress, physical } from './address.ts';
import { atLeast } from './kernel-version.ts';
import type { CmaRegion, DebugOptions, KernelParameters, Machine, RamBank } from './machine.ts';
import { physOffsetOf } from './phys-offset.ts';
import { memparse } from './size.ts';

/** unsigned long of these kernels: what memparse gives is cut to it. */
const UNSIGNED_LONG = 2 ** 32;

/** `name=value` pairs and bare words of a kernel command line; double quotes keep blanks together. */
const splitCommandLine = (text: string): [string, string | undefined][] =>
	(text.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? []).map(word => {
		const plain = word.replaceAll('"', '');
		const equals = plain.indexOf('=');
		return equals < 0 ? [plain, undefined] : [plain.slice(0, equals), plain.slice(equals + 1)];
	});

/** Sizes that the kernel keeps in an unsigned long, last one wins. */
const SIZES = { vmalloc: true, highmem: true, reservetop: true } as const;
const isSize = (name: string): name is keyof typeof SIZES => Object.hasOwn(SIZES, name);

const cmaRegion = (text: string): CmaRegion => {
	const size = memparse(text);
	const base = size.rest.startsWith('@') ? memparse(size.rest.slice(1)).bytes : 0;
	return { sizeBytes: size.bytes, ...(base > 0 ? { base: physical(base) } : {}) };
};

/** What `mem=` says on ARM: a bank of its own each time, from PHYS_OFFSET unless it gives a start. */
const armBank = (text: string, physOffset: PhysicalAddress): RamBank => {
	const size = memparse(text);
	const base = size.rest.startsWith('@') ? physical(memparse(size.rest.slice(1)).bytes) : physOffset;
	return { base, sizeBytes: alignDown(size.bytes, PAGE_SIZE) };
};

/** `slub_debug`, called slab_debug too from 6.9 on; `-` switches off what the kernel was built to do. */
const withSlubDebug = (machine: Machine, debug: DebugOptions, name: string, value: string): DebugOptions => {
	if (name === 'slab_debug' && !atLeast(machine.kernel, '6.9')) return debug;
	const { slub: _, ...rest } = debug;
	return value === '-' ? rest : { ...rest, slub: value };
};

/**
 * The machine booted with this kernel command line. Read as the kernel reads it: unknown words are not its business,
 * nonsense is zero, and what an architecture has no use for (`highmem=` on ARM) has no effect.
 */
export const withCommandLine = (machine: Machine, text: string): Machine => {
	const parameters: { -readonly [K in keyof KernelParameters]: KernelParameters[K] } = { ...machine.parameters };
	const mems: string[] = [];
	let { cpusOnline, debug } = machine;
	for (const [name, value] of splitCommandLine(text)) {
		if (name === 'nosmp') cpusOnline = 1;
		if (name === 'slub_debug' || name === 'slab_debug') debug = withSlubDebug(machine, debug, name, value ?? '');
		if (value === undefined) continue;
		if (isSize(name)) parameters[name] = memparse(value).bytes % UNSIGNED_LONG;
		else if (name === 'mem') mems.push(value);
		else if (name === 'maxcpus' || name === 'nr_cpus') {
			cpusOnline = Math.max(1, Math.min(cpusOnline, Number.parseInt(value, 10) || 1));
		}
	}
	if (machine.arch === 'x86') {
		// Each mem= removes what lies above it, so the smallest decides; zero and words are ignored.
		const limits = mems.map(value => memparse(value).bytes).filter(bytes => bytes > 0);
		if (limits.length > 0) parameters.mem = Math.min(...limits);
		return { ...machine, parameters, cpusOnline, debug };
	}
	const physOffset = physOffsetOf(machine);
	const banks = mems.map(value => armBank(value, physOffset)).filter(({ sizeBytes }) => sizeBytes > 0);
	const cma = splitCommandLine(text).findLast(([name, value]) => name === 'cma' && value !== undefined)?.[1];
	const region = cma === undefined ? machine.cma : cmaRegion(cma);
	const changed = { ...machine, parameters, cpusOnline, debug, ...(region ? { cma: region } : {}) };
	if (banks.length === 1 && banks[0]?.base === physOffset) {
		return { ...changed, parameters: { ...parameters, mem: banks[0].sizeBytes } };
	}
	return banks.length === 0 ? changed : { ...changed, ram: banks.sort((a, b) => a.base - b.base) };
};
