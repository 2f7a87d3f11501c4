import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { highmem } from '../helpers/fake-io.ts';

const log = (name: string): Buffer => readFileSync(new URL(`../fixtures/boot-logs/${name}.txt`, import.meta.url));
const files = { 'boot.txt': log('arm-serial'), 'boot.gz': gzipSync(log('arm-serial')), '-': log('pc-syslog') };

describe('highmem layout --from LOG', () => {
	it('prints the computed table and nothing else on standard output', async () => {
		const { status, out } = await highmem(['layout', '--from', 'boot.txt'], files);
		expect(status).toBe(0);
		expect(out.split('\n')[0]).toBe('Virtual kernel memory layout:');
		expect(out).toContain('    vmalloc : 0xf0000000 - 0xff000000   ( 240 MB)\n');
		expect(out.trimEnd().split('\n')).toHaveLength(11);
	});

	it('tells on standard error what was read, what was assumed and how the rows compare', async () => {
		const { err } = await highmem(['layout', '--from', 'boot.txt'], files);
		expect(err).toMatch(/ {2}kernel +4\.1\.15-board {2}\(line 6: /);
		expect(err).toMatch(/ {2}NR_CPUS +4 {2}\(assumed: /);
		expect(err).toMatch(/^lowmem +0xc0000000 - 0xef800000 +0xc0000000 - 0xef800000 +same$/m);
	});

	it('reads gzip and standard input', async () => {
		const [plain, packed] = await Promise.all(
			['boot.txt', 'boot.gz'].map(path => highmem(['layout', '--from', path], files)),
		);
		expect(packed?.out).toBe(plain?.out);
		const { out } = await highmem(['layout', '--from', '-'], files);
		expect(out).toContain('    pkmap   : 0xffc00000 - 0xffe00000   (2048 kB)\n');
	});

	it('calls the machine as the file that it was read from', async () => {
		const [named, piped] = await Promise.all(
			['boot.txt', '-'].map(async path => JSON.parse((await highmem(['layout', '--json', '--from', path], files)).out)),
		);
		expect(named.machine.id).toBe('boot.txt');
		expect(piped.machine.id).toBe('log');
	});

	it('fills printed and differences with --json', async () => {
		const { out } = await highmem(['layout', '--json', '--from', 'boot.txt'], files);
		const { printed, differences, assumptions } = JSON.parse(out);
		expect(printed[3]).toEqual({ name: 'lowmem', start: '0xc0000000', end: '0xef800000', size: '760 MB', line: 28 });
		expect(differences[3]).toEqual({
			name: 'lowmem',
			verdict: 'same',
			computed: { start: '0xc0000000', end: '0xef800000' },
			printed: { start: '0xc0000000', end: '0xef800000' },
		});
		expect(assumptions[0]).toEqual({ what: 'kernel', value: '4.1.15-board', line: 6, reason: 'its first line' });
	});

	it('lets flags override what the log says', async () => {
		const { out } = await highmem(['layout', '--from', 'boot.txt', '--vmalloc', '512M', '--split', '2G'], files);
		expect(out).toContain('    lowmem  : 0x80000000 - 0xc0000000   (1024 MB)\n');
	});

	it.each([
		[['--machine', 'imx6q-1g'], '--machine: a log is a machine of its own'],
		[['--arch', 'x86'], '--arch: a log says its own architecture'],
		[['--pae'], '--pae: PAE is for x86'],
	])('refuses %j beside it', async (flags, words) => {
		const { status, err } = await highmem(['layout', '--from', 'boot.txt', ...flags], files);
		expect(status).toBe(2);
		expect(err).toContain(words);
	});

	it.each([
		['a missing file', {}, 'boot.txt: cannot be read: no such file'],
		['an empty one', { 'boot.txt': '' }, 'boot.txt: no boot of a Linux kernel was found in it'],
		['a damaged gzip file', { 'boot.txt': Buffer.from([0x1f, 0x8b, 1, 2, 3, 4]) }, 'boot.txt: cannot be unpacked'],
		[
			'a log that says nothing of memory and goes no further than its name',
			{ 'boot.txt': 'Linux version 4.1.0 (a@b) #1 SMP\n' },
			'boot.txt:1: does not show whether the machine is ARM or x86',
		],
	])('answers %s with one line and status 2', async (_, given, words) => {
		const { status, out, err } = await highmem(['layout', '--from', 'boot.txt'], given);
		expect([status, out]).toEqual([2, '']);
		expect(err).toContain(words);
		expect(err.trimEnd().split('\n')).toHaveLength(1);
	});

	it('reads what is there of a gzip file that was cut', async () => {
		const cut = gzipSync(Buffer.concat([log('arm-serial'), Buffer.alloc(200_000, 'x')])).subarray(0, -20);
		const { out } = await highmem(['layout', '--from', 'cut.gz'], { 'cut.gz': cut });
		expect(out).toContain('0xc0000000 - 0xef800000');
	});

	it('keeps escape sequences of the log away from the terminal', async () => {
		const evil = log('arm-serial')
			.toString()
			.replaceAll('4.1.15-board', '4.1.15-\u001b]0;x\u0007\u001b[2Jboard\u009b1m');
		const { out, err } = await highmem(['layout', '--from', 'boot.txt'], { 'boot.txt': evil });
		expect(out + err).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
	});
});
