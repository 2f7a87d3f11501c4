import fc from 'fast-check';
import { expect, it } from 'vitest';
import { computeLayout } from '../../../source/layout/compute-layout.ts';
import { checkMachine } from '../../../source/machine/check-machine.ts';
import { UserError } from '../../../source/machine/user-error.ts';
import { bootStateFromProc } from '../../../source/memory/boot/boot-state-from-proc.ts';
import { checkInvariants } from '../../../source/memory/invariants/invariants.ts';
import { Kernel } from '../../../source/memory/kernel.ts';
import { boardFiles, readFiles } from './boards.ts';

const BOARDS = ['armmp-6.1', 'pc-4.4'].map(boardFiles);

/** One act of damage, at a place given as a share of the file. */
const damage = fc.record({
	file: fc.nat({ max: 7 }),
	kind: fc.constantFrom('cut', 'double', 'overwrite', 'number', 'truncate', 'swap', 'drop'),
	at: fc.double({ min: 0, max: 1, noNaN: true }),
	length: fc.integer({ min: 1, max: 200 }),
	text: fc.oneof(
		fc.string({ unit: 'binary', maxLength: 40 }),
		fc.constantFrom(
			'\u001b[2J',
			'0x(ptrval)',
			'ffffffff',
			'\r\n',
			'\n',
			'99999999999999999999',
			'> > > ',
			'-',
			' : ',
			'kB',
		),
	),
	number: fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 70n }), fc.constantFrom(0n, 1n, 4096n, 2n ** 32n, 2n ** 31n)),
});
type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never;

const damaged = (text: string, { kind, at, length, text: other, number }: Damage): string => {
	const place = Math.floor(at * text.length);
	switch (kind) {
		case 'cut':
			return text.slice(0, place) + text.slice(place + length);
		case 'double':
			return text.slice(0, place) + text.slice(place, place + length) + text.slice(place);
		case 'overwrite':
			return text.slice(0, place) + other + text.slice(place + other.length);
		case 'number':
			return text.slice(0, place) + text.slice(place).replace(/[0-9a-f]+/, number.toString(16));
		case 'truncate':
			return text.slice(0, place);
		case 'swap':
			return text.slice(place) + text.slice(0, place);
		case 'drop':
			return '';
	}
};

it('reads damaged files or says in one line why not, two thousand times', () => {
	let sessions = 0;
	fc.assert(
		fc.property(fc.nat({ max: BOARDS.length - 1 }), fc.array(damage, { minLength: 1, maxLength: 4 }), (board, acts) => {
			const files: Record<string, string> = { ...BOARDS[board] };
			const names = Object.keys(files);
			for (const act of acts) {
				const name = names[act.file % names.length] ?? '';
				files[name] = damaged(files[name] ?? '', act);
			}
			try {
				const { log, proc, places } = readFiles(files);
				checkMachine(log.machine, {});
				const layout = computeLayout(log.machine);
				if (!proc || layout.bootFailure !== undefined) return;
				const { state } = bootStateFromProc(proc, layout, place => places.text(place));
				// A session is costly, and most damage leaves the same one.
				if (++sessions % 20 !== 0) return;
				expect(checkInvariants(Kernel.boot(log.machine, state))).toEqual([]);
			} catch (error) {
				if (!(error instanceof UserError)) throw error;
				expect(error.line).not.toMatch(/[\n\u001b]/);
			}
		}),
		{ numRuns: 2000 },
	);
	expect(sessions).toBeGreaterThan(500);
}, 120_000);
