import { describe, expect, it } from 'vitest';
import type { RecordedOperation, Recording } from '../../source/oracle/recording.ts';
import { replayRun } from '../../source/oracle/replay-run.ts';
import { recordedRun } from './recorded-runs.ts';

const run = recordedRun('x86-419-4g-m1024-smp1-p2');

const hex = (address: number) => `0x${address.toString(16)}`;

/** The run with another value in one field of one operation. */
const changed = (
	isMeant: (operation: RecordedOperation) => boolean,
	field: string,
	value: (was: number) => number | string,
): Recording => {
	const experiments = [...run.experiments];
	const at = experiments.findIndex(isMeant);
	const operation = experiments[at];
	if (!operation) throw new Error(`no such operation with ${field}`);
	experiments[at] = { ...operation, [field]: value(Number(operation[field])) };
	return { ...run, experiments };
};

const places = (recording: Recording): string[] => replayRun(recording).differences.map(({ where }) => where);

describe('a recording that a kernel could not have made is found', () => {
	it('has no differences as it was made', () => {
		expect(places(run)).toEqual([]);
	});

	it.each([
		['another slot', 'kmap', 'result', (was: number) => hex(was + 0x1000), /kmap\.result$/],
		['a count too high', 'kunmap', 'count', (was: number) => was + 1, /kunmap\.count$/],
		['an object between two', 'kmalloc_x8', 'size', () => 9, /kmalloc_x8\.size$/],
		['a PTE with other bits', 'kmap_atomic_nest', 'pte_H2_while', (was: number) => hex(was ^ 2), /pte_H2_while$/],
		['a guard page that is mapped', 'pte', 'pte', () => '0x163', /pte\.pte$/],
		['an area at another offset', 'ioremap', 'result', (was: number) => hex(was + 0x800), /ioremap\.result/],
		['a hole that is not free', 'full_vunmap_then_vmap', 'got', (was: number) => hex(was + 0x1000), /vmap\.got$/],
		['a flush too many', 'vm_unmap_aliases', 'flushes', (was: number) => was + 1, /vm_unmap_aliases\.flushes$/],
	])('%s', (_, op, field, value, where) => {
		expect(places(changed(operation => operation.op === op && field in operation, field, value)).join('\n')).toMatch(
			where,
		);
	});
});

describe('what is compared in part can differ', () => {
	it.each([
		['an object that begins inside another', 'kmalloc', 'result', 4, /result \(offset from an object\)$/],
		['an object in HighMem', 'kmalloc', 'result', 0x38000000, /result \(zone\)$/],
		['an unaligned block', 'get_free_pages', 'result', 0x1000, /get_free_pages\.result \(alignment\)$/],
		[
			'another page than the one that is mapped later',
			'highmem_pages',
			'H0_pfn',
			-60000,
			/highmem_pages\.H0_pfn \(page\)$/,
		],
	])('%s', (_, op, field, by, where) => {
		const recording = changed(
			operation => operation.op === op && (op !== 'get_free_pages' || operation.order === 3) && operation.size !== 0,
			field,
			was => (typeof run.experiments.find(other => other.op === op)?.[field] === 'number' ? was + by : hex(was + by)),
		);
		expect(places(recording).some(place => where.test(place))).toBe(true);
	});

	it.each([
		['two pages of the probe with one number', 'H1_pfn', 0, '(holder)'],
		['a page of lowmem as HighMem', 'H0_pfn', -60000, '(zone)'],
	])('%s', (_, field, by, fact) => {
		const told = run.experiments.find(({ op }) => op === 'highmem_pages');
		const was = Number(told?.[field]);
		const now = Number(told?.H0_pfn) + by;
		const experiments = run.experiments.map(operation => ({
			...operation,
			...(operation[field] === was ? { [field]: now } : {}),
			...(operation.pfn === was ? { pfn: now } : {}),
		}));
		expect(places({ ...run, experiments }).some(place => place.endsWith(`_pfn ${fact}`))).toBe(true);
	});

	it.each([24, 16384])('two objects of %i bytes in one place', size => {
		const first = run.experiments.find(operation => operation.op === 'kmalloc' && operation.size === size)?.result;
		const recording = changed(
			operation => operation.op === 'kmalloc' && operation.size === size,
			'result2',
			() => String(first),
		);
		expect(places(recording).some(place => /kmalloc\.result2/.test(place))).toBe(true);
	});

	it('a mem_map that reaches into HighMem', () => {
		const constants = { ...run.constants, mem_map: run.constants.high_memory };
		expect(places({ ...run, constants })).toEqual(['constants.mem_map (place)']);
	});

	it('a waiter that woke before its slot was freed', () => {
		const recording = changed(
			({ op, state }) => op === 'waiter_state' && state === 'mapped',
			'jiffies',
			was => was - 1000,
		);
		expect(places(recording).some(place => place.endsWith('jiffies (stage)'))).toBe(true);
	});

	it('a stack in the vmalloc area of a kernel without VMAP_STACK', () => {
		const constants = { ...run.constants, addr_of_stack_local: run.constants.VMALLOC_START };
		expect(places({ ...run, constants })).toEqual(['constants.addr_of_stack_local (region)']);
	});

	it('an area that the search would not have chosen', () => {
		const [a, f] = ['A', 'F'].map(name => run.experiments.find(operation => operation.name === name)?.result);
		const experiments = run.experiments.map(operation =>
			operation.name === 'A'
				? { ...operation, result: f }
				: operation.name === 'F'
					? { ...operation, result: a }
					: operation,
		);
		expect(places({ ...run, experiments }).some(place => /vmalloc\.result/.test(place))).toBe(true);
	});
});
