import { phrase } from '../phrases/phrase.ts';
import { alignDown, hex, KiB, PAGE_SIZE, physical } from './address.ts';
import type { Machine, RamBank } from './machine.ts';
import { parseAddress, parseSize } from './size.ts';
import { UserError } from './user-error.ts';
import { HIGH_RAM_START, PCI_HOLE_END, PCI_HOLE_START, pcRam } from './x86-machines.ts';

const WHERE = '--ram';
/** 40 bits of physical address with LPAE, 36 with PAE. */
const MOST_PHYSICAL = { arm: 2 ** 40, x86: 2 ** 36 } as const;
/** The BIOS keeps its ACPI tables in the last part of the RAM below the PCI hole. */
const ACPI_BYTES = 128 * KiB;

const checkedSize = (text: string): number => {
	const sizeBytes = parseSize(text, WHERE);
	if (sizeBytes === 0) throw new UserError('a machine without RAM cannot run', WHERE, 'for example 512M');
	if (sizeBytes < PAGE_SIZE) {
		throw new UserError(
			phrase('{bytes} bytes are less than one page', { bytes: sizeBytes }),
			WHERE,
			phrase('did you mean {size}?', { size: `${sizeBytes}M` }),
		);
	}
	return sizeBytes;
};

const parseBank = (text: string): RamBank => {
	const [size = '', base = '', ...more] = text.split('@');
	if (more.length > 0)
		throw new UserError(phrase('"{text}" is not a bank', { text }), WHERE, 'for example 512M@0x80000000');
	return { base: physical(parseAddress(base, WHERE)), sizeBytes: checkedSize(size) };
};

const end = ({ base, sizeBytes }: RamBank): number => base + sizeBytes;

const checkBanks = (banks: readonly RamBank[], most: number): void => {
	for (const [index, bank] of banks.entries()) {
		const next = banks[index + 1];
		if (next && end(bank) > next.base) {
			const at = hex(Math.max(bank.base, next.base));
			throw new UserError(phrase('two banks overlap at {at}', { at }), WHERE, 'give each bank its own addresses');
		}
		if (end(bank) > most) {
			throw new UserError(
				phrase('RAM ends at {end}, above what the CPU can address', { end: hex(end(bank)) }),
				WHERE,
				phrase('at most {most}', { most: hex(most) }),
			);
		}
	}
};

/** A PC of that much RAM: the BIOS's reserved part below the PCI hole, what the hole hides above 4 GiB. */
const pcOfSize = (sizeBytes: number): RamBank[] => {
	if (sizeBytes <= HIGH_RAM_START + ACPI_BYTES) {
		throw new UserError('a PC needs more than 1 MiB of RAM', WHERE, 'for example 512M');
	}
	const low = Math.min(sizeBytes, PCI_HOLE_START) - ACPI_BYTES;
	const banks = pcRam(alignDown(low, PAGE_SIZE));
	if (sizeBytes > PCI_HOLE_START) {
		banks.push({ base: physical(PCI_HOLE_END), sizeBytes: sizeBytes - PCI_HOLE_START });
	}
	return banks;
};

/**
 * The RAM that `--ram` names: a size, placed where the machine has its RAM, or banks with their addresses.
 * @throws {UserError} for what is no size, no RAM, or banks that overlap.
 */
export const parseRam = (text: string, machine: Machine): RamBank[] => {
	const parts = text
		.split(',')
		.map(part => part.trim())
		.filter(part => part !== '');
	if (parts.length === 0) throw new UserError('no size given', WHERE, 'for example 512M');
	const most = MOST_PHYSICAL[machine.arch];
	if (parts.some(part => part.includes('@'))) {
		const banks = parts.map(parseBank).sort((a, b) => a.base - b.base);
		checkBanks(banks, most);
		return banks;
	}
	if (parts.length > 1) {
		throw new UserError('several sizes without addresses', WHERE, 'for example 512M@0x80000000,256M@0xa0000000');
	}
	const sizeBytes = checkedSize(text);
	const banks =
		machine.arch === 'x86'
			? pcOfSize(sizeBytes)
			: [{ base: machine.ram[0]?.base ?? physical(0), sizeBytes: alignDown(sizeBytes, PAGE_SIZE) }];
	checkBanks(banks, most);
	return banks;
};
