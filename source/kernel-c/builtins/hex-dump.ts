import { virtual } from '../../machine/address.ts';
import type { Value } from '../c-value.ts';
import type { BuiltinRow, Environment } from './builtin.ts';
import { checkExtent } from './extent.ts';
import { formatted, printLine } from './log.ts';

/** include/linux/printk.h: what stands in front of each row. */
export const DUMP_PREFIXES = { DUMP_PREFIX_NONE: 0, DUMP_PREFIX_ADDRESS: 1, DUMP_PREFIX_OFFSET: 2 } as const;

const GROUP_SIZES = [1, 2, 4, 8];

/** lib/hexdump.c: hex_dump_to_buffer, of one row. */
const dumpedRow = (bytes: readonly number[], rowBytes: number, wantedGroup: number, hasText: boolean): string => {
	const isPossible = GROUP_SIZES.includes(wantedGroup) && bytes.length % wantedGroup === 0;
	const group = isPossible ? wantedGroup : 1;
	const groups: string[] = [];
	for (let at = 0; at < bytes.length; at += group) {
		// Groups are numbers of this little-endian machine.
		const digits = bytes.slice(at, at + group).reverse();
		groups.push(digits.map(byte => byte.toString(16).padStart(2, '0')).join(''));
	}
	const hex = groups.join(' ');
	if (!hasText) return hex;
	const text = bytes.map(byte => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
	return hex.padEnd(rowBytes * 2 + rowBytes / group + 1) + text;
};

const dump = (environment: Environment, level: string, args: readonly Value[]): void => {
	const [prefix = 0, kind = 0, row = 16, group = 1, buffer = 0, length = 0, hasText = 0] = args.map(Number);
	const rowBytes = row === 32 ? 32 : 16;
	checkExtent('print_hex_dump', length);
	const start = environment.readString(prefix);
	for (let offset = 0; offset < length; offset += rowBytes) {
		const bytes = Array.from({ length: Math.min(rowBytes, length - offset) }, (_, index) =>
			Number(environment.kernel.read(virtual(buffer + offset + index), 1)),
		);
		const place =
			kind === DUMP_PREFIXES.DUMP_PREFIX_ADDRESS
				? `${formatted(environment, '%p', [buffer + offset])}: `
				: kind === DUMP_PREFIXES.DUMP_PREFIX_OFFSET
					? `${offset.toString(16).padStart(8, '0')}: `
					: '';
		printLine(environment, `${level}${start}${place}${dumpedRow(bytes, rowBytes, group, hasText !== 0)}`);
	}
};

/** lib/hexdump.c */
export const hexDumpBuiltins: readonly BuiltinRow[] = [
	{
		prototype:
			'void print_hex_dump(const char *level, const char *prefix_str, int prefix_type, int rowsize, int groupsize, const void *buf, size_t len, bool ascii)',
		help: 'write memory to the kernel log in hex',
		when: {},
		isPure: false,
		run: (environment, [level = 0, ...args]) => {
			dump(environment, environment.readString(Number(level)), args);
			return undefined;
		},
	},
	{
		prototype: 'void print_hex_dump_bytes(const char *prefix_str, int prefix_type, const void *buf, size_t len)',
		help: 'write memory to the kernel log in hex and as text',
		when: {},
		isPure: false,
		run: (environment, [prefix = 0, kind = 0, buffer = 0, length = 0]) => {
			dump(environment, '<7>', [prefix, kind, 16, 1, buffer, length, 1]);
			return undefined;
		},
	},
];
