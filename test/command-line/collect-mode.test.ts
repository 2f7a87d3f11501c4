import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { highmem } from '../helpers/fake-io.ts';
import { boardFiles } from '../machine/proc/boards.ts';

const script = async (): Promise<string> => (await highmem(['collect'])).out;

const folder = mkdtempSync(join(tmpdir(), 'highmem-collect-'));
afterAll(() => rmSync(folder, { recursive: true }));

for (const [name, text] of Object.entries(boardFiles('armmp-6.1'))) writeFileSync(join(folder, name), text);

/** `highmem collect | sh -s FOLDER`. */
const collect = (text: string, ...more: string[]) => {
	const { status, stdout, stderr } = spawnSync('sh', ['-s', ...more], { input: text, encoding: 'utf8' });
	return { status, stdout, stderr };
};

describe('highmem collect', () => {
	it('prints a script for any POSIX shell', async () => {
		const text = await script();
		expect(text.startsWith('#!/bin/sh\n')).toBe(true);
		expect(spawnSync('sh', ['-n'], { input: text }).status).toBe(0);
		expect(text).not.toMatch(/\[\[|\blocal\b|\bfunction\b|<<<|\$'|&>|\bpipefail\b|\bsource\b/);
	});

	it('is sent to a board and what it prints is read with --from', async () => {
		const { status, stdout, stderr } = collect(await script(), folder);
		expect([status, stderr]).toEqual([0, '']);
		expect(stdout.trimEnd().split('\n').at(-1)).toBe('### highmem collect 1: complete 8 sections');
		const { out, err } = await highmem(['layout', '--from', 'board.txt'], { 'board.txt': stdout });
		expect(out).toContain('    vmalloc : 0xf0800000 - 0xff800000   ( 240 MB)\n');
		expect(err).toContain('a session starts with the 60 vmalloc areas of the files; ');
		expect(err).not.toContain('note: board.txt');
	});

	it('does nothing when it arrives cut', async () => {
		const text = await script();
		const { stdout } = collect(text.slice(0, text.lastIndexOf('collect "$@"')), folder);
		expect(stdout).toBe('');
	});

	it('goes on without files, and says which were missing', async () => {
		const empty = mkdtempSync(join(folder, 'empty-'));
		writeFileSync(join(empty, 'version'), 'Linux version 4.19.44 (a@b) (arm-linux-gcc) #1 SMP\n');
		const { status, stdout, stderr } = collect(await script(), empty);
		expect(status).toBe(0);
		expect(stdout).toContain('### highmem collect 1: missing /proc/iomem is not there\n');
		expect(stderr).toContain('highmem collect: /proc/vmallocinfo is not there\n');
		expect(stdout).toContain('### highmem collect 1: complete 1 sections\n');
	});

	it('says what root would add', async () => {
		const user = mkdtempSync(join(folder, 'user-'));
		writeFileSync(join(user, 'iomem'), '00000000-00000000 : System RAM\n  00000000-00000000 : Kernel code\n');
		writeFileSync(
			join(user, 'vmallocinfo'),
			'0x(ptrval)-0x(ptrval)    8192 hpet_enable+0xbc/0x3db phys=0xfed00000 ioremap\n',
		);
		const { stderr } = collect(await script(), user);
		expect(stderr).toContain('the addresses in /proc/iomem are zeros; root would see them\n');
		expect(stderr).toContain('the addresses in /proc/vmallocinfo are hidden; root with kernel.kptr_restrict=1');
		chmodSync(join(user, 'vmallocinfo'), 0);
		if (process.getuid?.() !== 0) {
			expect(collect(await script(), user).stdout).toContain('missing /proc/vmallocinfo cannot be read; root can\n');
		}
	});

	it('tells hashed addresses by their distance', async () => {
		const hashed = mkdtempSync(join(folder, 'hashed-'));
		const row = (range: string): string => `${range}   69632 of_iomap+0x50/0x78 phys=0x08000000 ioremap\n`;
		writeFileSync(join(hashed, 'vmallocinfo'), row('0x39015460-0xc44b6a8b'));
		expect(collect(await script(), hashed).stderr).toContain('vmallocinfo are hidden');
		writeFileSync(join(hashed, 'vmallocinfo'), row('0xf0810000-0xf0821000'));
		expect(collect(await script(), hashed).stderr).not.toContain('vmallocinfo are hidden');
	});

	it('runs on this very machine, and a 64-bit one is refused in one line', async () => {
		const { status, stdout } = collect(await script());
		expect(status).toBe(0);
		expect(stdout).toMatch(/^### highmem collect 1: complete \d sections$/m);
		const read = await highmem(['layout', '--from', 'board.txt'], { 'board.txt': stdout });
		expect(read.err.split('\n').filter(line => line.startsWith('highmem: '))).toHaveLength(read.status === 0 ? 0 : 1);
		if (process.arch === 'x64' || process.arch === 'arm64') expect(read.err).toContain('is of a 64-bit kernel');
	});
});
