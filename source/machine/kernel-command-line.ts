import { phrase, verbatim } from '../phrases/phrase.ts';
import { alignDown, alignUp, PAGE_SIZE, type PhysicalAddress, physical } from './address.ts';
import { atLeast } from './kernel-version.ts';
import type { CmaRegion, DebugOptions, KernelParameters, Machine, RamBank } from './machine.ts';
import { physOffsetOf } from './phys-offset.ts';
import { memparse } from './size.ts';
import { UserError } from './user-error.ts';

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

/**
 * What `mem=` says on ARM: a bank of its own each time, from PHYS_OFFSET unless it gives a start. Of a page at either end only
 * whole ones count (arch/arm/kernel/setup.c: early_mem, arm_add_memory).
 */
const armBank = (text: string, physOffset: PhysicalAddress): RamBank => {
	const size = memparse(text);
	const start = size.rest.startsWith('@') ? memparse(size.rest.slice(1)).bytes : physOffset;
	const base = physical(alignUp(start, PAGE_SIZE));
	return { base, sizeBytes: Math.max(0, alignDown(size.bytes - (base - start), PAGE_SIZE)) };
};

/** memblock_add: what touches or overlaps becomes one bank. */
const joined = (banks: readonly RamBank[]): RamBank[] => {
	const joinedBanks: RamBank[] = [];
	for (const bank of [...banks].sort((a, b) => a.base - b.base)) {
		const last = joinedBanks.at(-1);
		if (!last || bank.base > last.base + last.sizeBytes) joinedBanks.push(bank);
		else {
			const end = Math.max(last.base + last.sizeBytes, bank.base + bank.sizeBytes);
			joinedBanks[joinedBanks.length - 1] = { base: last.base, sizeBytes: end - last.base };
		}
	}
	return joinedBanks;
};

const valuesOf = (text: string, name: string): string[] =>
	splitCommandLine(text).flatMap(([word, value]) => (word === name && value !== undefined ? [value] : []));

/**
 * The machine booted with a kernel command line that somebody wishes for: no log shows that it worked.
 * @throws {UserError} when nothing is left to boot in: on ARM the first `mem=`, whatever it says, forgets all RAM that the
 * boot loader told of.
 */
export const bootedWith = (machine: Machine, text: string): Machine => {
	const booted = withCommandLine(machine, text);
	const mems = valuesOf(text, 'mem');
	if (booted.arch !== 'arm' || mems.length === 0) return booted;
	const physOffset = physOffsetOf(machine);
	if (mems.every(value => armBank(value, physOffset).sizeBytes === 0)) {
		throw new UserError(
			phrase('mem={value} leaves the kernel no page of RAM: it dies before it has a console to say so', {
				value: mems.at(-1) ?? '',
			}),
			'--cmdline',
			verbatim('mem=512M'),
		);
	}
	// The kernel runs where the boot loader has put it, whatever RAM it is told to use.
	return physOffsetOf(booted) === physOffset ? booted : { ...booted, physOffset };
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
	const mems = valuesOf(text, 'mem');
	let { cpusOnline, debug } = machine;
	for (const [name, value] of splitCommandLine(text)) {
		if (name === 'nosmp') cpusOnline = 1;
		if (name === 'slub_debug' || name === 'slab_debug') debug = withSlubDebug(machine, debug, name, value ?? '');
		if (value === undefined) continue;
		if (isSize(name)) parameters[name] = memparse(value).bytes % UNSIGNED_LONG;
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
	const banks = joined(mems.map(value => armBank(value, physOffset)).filter(({ sizeBytes }) => sizeBytes > 0));
	const cma = valuesOf(text, 'cma').at(-1);
	const region = cma === undefined ? machine.cma : cmaRegion(cma);
	const changed = { ...machine, parameters, cpusOnline, debug, ...(region ? { cma: region } : {}) };
	if (banks.length === 1 && banks[0]?.base === physOffset) {
		return { ...changed, parameters: { ...parameters, mem: banks[0].sizeBytes } };
	}
	return banks.length === 0 ? changed : { ...changed, ram: banks };
};
