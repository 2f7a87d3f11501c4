import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { computeLayout } from '../../../source/layout/compute-layout.ts';
import { checkLog } from '../../../source/layout/from-log/check-log.ts';
import { checkTable } from '../../../source/layout/from-log/check-table.ts';
import { machineFromLog } from '../../../source/layout/from-log/fit-log.ts';
import { UserError } from '../../../source/machine/user-error.ts';
import { english } from '../../../source/phrases/phrase.ts';

const LOGS = ['arm-serial', 'pc-syslog', 'arm-mailed', 'three-boots', 'arm-thumb2', 'arm-old'].map(name =>
	readFileSync(new URL(`../../fixtures/boot-logs/${name}.txt`, import.meta.url), 'utf8'),
);

/** One act of damage: cut, doubled, moved, overwritten or a number changed, at a place given as a share of the log. */
const damage = fc.record({
	kind: fc.constantFrom('cut', 'double', 'move', 'overwrite', 'number', 'truncate', 'interleave'),
	at: fc.double({ min: 0, max: 1, noNaN: true }),
	to: fc.double({ min: 0, max: 1, noNaN: true }),
	length: fc.integer({ min: 1, max: 200 }),
	text: fc.oneof(
		fc.string({ unit: 'binary', maxLength: 40 }),
		fc.constantFrom('(((((((((', '\u001b[', '[[[[', '0x', 'ffffffff', '\n', '\r', '99999999999999999999', '> > > '),
	),
	number: fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 70n }), fc.constantFrom(0n, 1n, 4096n, 2n ** 32n)),
});
type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never;

const damaged = (log: string, { kind, at, to, length, text, number }: Damage): string => {
	const place = Math.floor(at * log.length);
	const part = log.slice(place, place + length);
	switch (kind) {
		case 'cut':
			return log.slice(0, place) + log.slice(place + length);
		case 'double':
			return log.slice(0, place) + part + log.slice(place);
		case 'move': {
			const rest = log.slice(0, place) + log.slice(place + length);
			const target = Math.floor(to * rest.length);
			return rest.slice(0, target) + part + rest.slice(target);
		}
		case 'overwrite':
			return log.slice(0, place) + text + log.slice(place + text.length);
		case 'number':
			return log.slice(0, place) + log.slice(place).replace(/\d+|[0-9a-f]{8}/, number.toString(at < 0.5 ? 10 : 16));
		case 'truncate':
			return log.slice(0, place);
		case 'interleave':
			return log.replace(/\n/g, () => `\n${text}`).slice(0, 50_000);
		default:
			return kind satisfies never;
	}
};

it('reads a damaged log or says in one line why not, ten thousand times', () => {
	fc.assert(
		fc.property(fc.constantFrom(...LOGS), fc.array(damage, { minLength: 1, maxLength: 6 }), (log, acts) => {
			const text = acts.reduce(damaged, log);
			try {
				const reading = machineFromLog(text);
				const table = checkTable(checkLog(reading, computeLayout(reading.machine)), english).join('\n');
				expect(table).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
			} catch (error) {
				if (!(error instanceof UserError)) throw error;
				expect(error.line).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
			}
		}),
		{ numRuns: 10_000 },
	);
}, 120_000);

const HEAD = `Linux version 3.2.0 (a@b) (gcc) #1 SMP Thu Jan 1 00:00:00 UTC 1970
BIOS-e820: 0000000000100000 - 0000000040000000 (usable)
last_pfn = 0x40000 max_arch_pfn = 0x1000000
100MB HIGHMEM available.
889MB LOWMEM available.
`;
const range = (index: number, bytes: number): string =>
	[0, bytes].map(more => (0x100000 + index * 8192 + more).toString(16).padStart(16, '0')).join(' - ');

// What takes time in proportion to a square, or worse, does not end within the time that a test has.
it.each([
	['brackets that never close', '[('.repeat(4000)],
	['time stamps and nothing else', '[    0.000000] '.repeat(500)],
	['quotation marks', '> '.repeat(4000)],
	['escape sequences that never end', '\u001b]\u001b['.repeat(2000)],
	['a Memory line without an end', `Memory: ${'1MB '.repeat(2000)}`],
])('a megabyte of %s changes nothing of the log before it', (_, line) => {
	const { machine } = machineFromLog(HEAD + `${line}\n`.repeat(150));
	expect(machine).toEqual(machineFromLog(HEAD).machine);
});

it('an e820 map of thousands of ranges, each cut again, is read', () => {
	const map = Array.from({ length: 9000 }, (_, index) => `BIOS-e820: ${range(index, 4096)} (usable)\n`);
	const cuts = Array.from({ length: 9000 }, (_, index) => `e820 remove range: ${range(index, 256)} (usable)\n`);
	const { machine } = machineFromLog(HEAD + map.join('') + cuts.join(''));
	expect(machine.arch).toBe('x86');
});
