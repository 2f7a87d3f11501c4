import { alignUp, GiB, hex, KiB, MiB } from './address.ts';
import type { Machine, RamBank } from './machine.ts';
import { parseRam } from './ram-flag.ts';
import { UserError } from './user-error.ts';

/** Bytes as `--ram` and `--vmalloc` read them, in the largest unit that holds them wholly: `512M`. */
export const sizeFlag = (bytes: number): string => {
	for (const [unit, letter] of UNITS) if (bytes > 0 && bytes % unit === 0) return `${bytes / unit}${letter}`;
	return String(bytes);
};

const UNITS = [
	[GiB, 'G'],
	[MiB, 'M'],
	[KiB, 'K'],
] as const;

/** A machine's RAM as `--ram` reads it: the size of a PC that has no other holes than every PC, else its banks. */
export const ramText = (machine: Machine): string => {
	const banks = machine.ram.map(({ base, sizeBytes }) => `${sizeFlag(sizeBytes)}@${hex(base)}`).join(',');
	const last = machine.ram.at(-1);
	if (machine.arch === 'arm' || !last) return banks;
	const size = sizeFlag(alignUp(last.base + last.sizeBytes, MiB));
	return isSame(banksOf(size, machine), machine.ram) ? size : banks;
};

const banksOf = (size: string, machine: Machine): readonly RamBank[] => {
	try {
		return parseRam(size, machine);
	} catch (error) {
		if (error instanceof UserError) return [];
		throw error;
	}
};

const isSame = (banks: readonly RamBank[], others: readonly RamBank[]): boolean =>
	banks.length === others.length &&
	banks.every((bank, at) => bank.base === others[at]?.base && bank.sizeBytes === others[at]?.sizeBytes);
