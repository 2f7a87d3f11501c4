import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { computeLayout } from '../../../source/layout/compute-layout.ts';
import { checkFolderLog, withoutTable } from '../../../source/layout/from-log/check-folder-log.ts';
import { checkLog, type RowCheck } from '../../../source/layout/from-log/check-log.ts';
import { checkTable, differenceText } from '../../../source/layout/from-log/check-table.ts';
import { machineFromLog } from '../../../source/layout/from-log/fit-log.ts';
import { english } from '../../../source/phrases/phrase.ts';
import { inEnglish } from '../../helpers/in-english.ts';

const log = (name: string): string =>
	readFileSync(new URL(`../../fixtures/boot-logs/${name}.txt`, import.meta.url), 'utf8');

const check = (text: string): readonly RowCheck[] => {
	const reading = machineFromLog(text);
	return checkLog(reading, computeLayout(reading.machine));
};
const rowOf = (checks: readonly RowCheck[], name: string): RowCheck | undefined =>
	checks.find(row => row.name === name);

describe.each(['arm-serial', 'arm-mailed', 'arm-thumb2', 'arm-old', 'pc-syslog', 'three-boots'])('%s', name => {
	it('has every row as the formulas give it, the image apart', () => {
		for (const { name: row, verdict } of check(log(name))) {
			expect([row, verdict]).toEqual([row, row.startsWith('.') ? 'unpredictable' : 'same']);
		}
	});

	it('gives the same layout when its table is taken away', () => {
		const rows = (text: string): string[] =>
			computeLayout(machineFromLog(text).machine)
				.rows.filter(row => !row.name.startsWith('.'))
				.map(row => row.text);
		expect(withoutTable(log(name))).not.toMatch(/lowmem {2}:/);
		expect(rows(withoutTable(log(name)))).toEqual(rows(log(name)));
	});
});

describe('a row that differs', () => {
	it('says by how much, and that another VMALLOC_END is a patch', () => {
		const row = rowOf(
			check(log('arm-serial').replace('0xf0000000 - 0xff000000', '0xf0000000 - 0xfe000000')),
			'vmalloc',
		);
		expect(row).toMatchObject({ verdict: 'differs', startBy: 0, endBy: -(16 << 20) });
		expect(inEnglish(row?.cause)).toBe('a patched kernel: VMALLOC_END 0xfe000000');
		expect(inEnglish(row && differenceText(row))).toBe('end -16 MB');
	});

	it('names the option that would give it', () => {
		const row = rowOf(
			check(log('arm-serial').replace('0xbf000000 - 0xbfe00000', '0xbf800000 - 0xbfe00000')),
			'modules',
		);
		expect(inEnglish(row?.cause)).toBe('another config: Thumb-2 would give it');
	});

	it('counts the pages of a PC fixmap', () => {
		const row = rowOf(check(log('pc-syslog').replace('0xfff16000 - ', '0xfff14000 - ')), 'fixmap');
		expect(inEnglish(row?.cause)).toBe('another config: 2 pages more in the fixmap');
	});
});

describe('a row that the log lacks', () => {
	it('is told with the condition on which it is printed', () => {
		const text = log('arm-serial').replace(/.*modules : .*\n/, '');
		expect(rowOf(check(text), 'modules')).toMatchObject({
			verdict: 'unprinted',
			cause: 'a kernel without CONFIG_MODULES',
		});
	});

	it('cannot be compared where %p hid the addresses', () => {
		const text = log('arm-serial').replace('0xc0008000 - 0xc0a64f18', '0x(ptrval) - 0x(ptrval)');
		expect(rowOf(check(text), '.text')).toMatchObject({ verdict: 'unpredictable' });
	});
});

describe('build options of a PC that the log does not name', () => {
	it('are inferred from where lowmem ends', () => {
		const text = withoutTable(log('pc-syslog'))
			.replaceAll('37bfe000', '379fe000')
			.replace(/.*setup_percpu.*\n/, '');
		const { assumptions, machine } = machineFromLog(text);
		expect(computeLayout(machine).highMemory).toBe(0xf79fe000);
		expect(assumptions.at(-1)?.what).toBe('build option');
	});
});

describe('RAM that goes on although lowmem ends', () => {
	it('is put behind a hole', () => {
		const text = log('arm-serial')
			.replace('1520 pages used', '1024 pages used')
			.replace('194560 pages', '131072 pages');
		const { machine } = machineFromLog(
			text.replace('1048576K', '794624K').replace('totalpages: 262144', 'totalpages: 198656'),
		);
		const { highMemory } = computeLayout(machine);
		expect(highMemory).toBe(0xe0000000);
		expect(machine.ram).toHaveLength(2);
	});
});

it('shows both columns side by side', () => {
	expect(checkTable(check(log('arm-old')), english).slice(0, 3)).toEqual([
		'row      computed                 in the log',
		'vector   0xffff0000 - 0xffff1000  0xffff0000 - 0xffff1000  same',
		'fixmap   0xfff00000 - 0xfffe0000  0xfff00000 - 0xfffe0000  same',
	]);
});

it('counts a log of a folder by the rows that its head determines', () => {
	const rows = machineFromLog(log('three-boots')).printedRows.map(({ name, start = 0, end = 0 }) => ({
		name,
		start: `0x${start.toString(16)}`,
		end: `0x${end.toString(16)}`,
	}));
	expect(checkFolderLog({ id: '1', log: log('three-boots'), isComplete: true, rows })).toMatchObject({
		compared: 3,
		exact: 3,
		misses: [],
	});
});
