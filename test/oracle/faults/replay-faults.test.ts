import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compareLines } from '../../../source/oracle/faults/compare-lines.ts';
import { faultMachine } from '../../../source/oracle/faults/fault-machines.ts';
import { readFaultRecording } from '../../../source/oracle/faults/fault-recording.ts';
import { plainLines } from '../../../source/oracle/faults/plain-lines.ts';
import { FAULT_CASES, isInInterrupt } from '../../../source/oracle/faults/replay-faults.ts';
import { runCase } from '../../../source/oracle/faults/run-case.ts';

type Extract = Readonly<Record<string, { readonly verdict: string; readonly lines: readonly string[] }>>;

const FOLDER = new URL('../../fixtures/faults/', import.meta.url);

/** What kernels printed for misuses of memory, in the form that can be compared: one file a kernel. */
const kernels = readdirSync(FOLDER)
	.sort()
	.map(file => ({
		kernel: file.replace('.json', ''),
		cases: JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Extract,
	}));

describe.each(kernels)('$kernel takes a misuse of memory as it was recorded', ({ kernel, cases }) => {
	it.each(Object.entries(cases))('%s', async (name, { verdict, lines }) => {
		const faultCase = FAULT_CASES[name];
		if (!faultCase) throw new Error(`no case ${name}`);
		const run = await runCase(faultMachine(kernel), name, faultCase, lines);
		expect(run.verdict).toBe(verdict);
		const plain = plainLines(run.lines, { isInterrupt: isInInterrupt(name) });
		expect(compareLines(lines, plain).differences).toEqual([]);
	});
});

describe('reading a recording', () => {
	const record = (...lines: string[]) => readFaultRecording('arm-419', 'bug', lines.join('\n'));

	it('takes the kernel’s lines without time and the rig’s for the verdict', () => {
		const recording = record('@@GO bug', '[    4.682769] MMF case bug', '@@RC 139', '@@END settled');
		expect(recording.lines).toEqual(['MMF case bug']);
		expect(recording.verdict).toBe('killed');
	});

	it.each([
		[['@@RC 0', '@@END settled'], 'goes on'],
		[['@@STILL_RUNNING', '@@END settled'], 'stuck'],
		[['@@END panic'], 'panic'],
		[['@@RC 139', '@@END hang'], 'hang'],
		[['@@END flood'], 'hang'],
		[['@@END vm-exit'], 'reset'],
	])('%j is %s', (lines, verdict) => {
		expect(record(...lines).verdict).toBe(verdict);
	});
});

describe('what other programs run into', () => {
	const recording = readFaultRecording(
		'x86-44-4g',
		'kfree_twice',
		[
			'@@GO kfree_twice',
			'[    4.1] MMF case kfree_twice returned',
			'@@RC 0',
			'[    4.2] BUG: unable to handle kernel NULL pointer dereference at 00000001',
			'[    4.2] CPU: 1 PID: 1 Comm: busybox Tainted: G           O    4.4.155 #1',
			'@@END panic',
		].join('\n'),
	);

	it('once the call is over is no part of it', () => {
		expect(recording.lines).toEqual(['MMF case kfree_twice returned']);
		expect(recording.aftermath).toHaveLength(2);
		expect(recording.verdict).toBe('goes on');
	});
});

describe('a line that nothing in the simulated state decides', () => {
	it('is left out for a reason with a name', () => {
		const reasons: string[] = [];
		const leave = (reason: string) => void reasons.push(reason);
		const log = [
			'MMF reading 0x00000000',
			'clocksource: Switched to clocksource refined-jiffies',
			' c10bf1e7 00000000',
			'watchdog: BUG: soft lockup - CPU#1 stuck for 48s! [insmod:105]',
			'Modules linked in: mmfault(OE+)',
		];
		expect(plainLines(log, { leave })).toEqual(['MMF reading 0x00000000']);
		expect(reasons).toEqual(['machine', 'stack', 'watchdog', 'watchdog']);
	});

	it('names no task that an interrupt had stopped', () => {
		const log = ['BUG: scheduling while atomic: kworker/1:1/43/0x00010000', 'Process swapper/0 (pid: 0)'];
		expect(plainLines(log, { isInterrupt: true })).toEqual([
			'BUG: scheduling while atomic: stopped/0x00010000',
			'Process stopped',
		]);
	});
});

describe('comparing logs', () => {
	it('lets an address stand for another one, always the same', () => {
		const recorded = ['at 0xf081d000', 'again 0xf081d000'];
		expect(compareLines(recorded, ['at 0xf0801000', 'again 0xf0801000'])).toMatchObject({ compared: 2, equal: 2 });
		expect(compareLines(recorded, ['at 0xf0801000', 'again 0xf0802000'])).toMatchObject({ compared: 2, equal: 1 });
	});

	it('names the lines that only one side has', () => {
		expect(compareLines(['a', 'b'], ['a', 'c']).differences).toEqual(['- b', '+ c']);
	});
});
