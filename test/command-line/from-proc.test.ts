import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { highmem } from '../helpers/fake-io.ts';
import { boardFiles } from '../machine/proc/boards.ts';

const inFolder = (folder: string, files: Readonly<Record<string, string>>): Record<string, string> =>
	Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]));

const ARM = inFolder('board', boardFiles('armmp-6.1'));
const VMALLOC_ROW = '    vmalloc : 0xf0800000 - 0xff800000   ( 240 MB)\n';
const MODULE = `#include <linux/module.h>
#include <linux/vmalloc.h>
static int __init m_init(void)
{
	printk("%lx\\n", (unsigned long)vmalloc(4096));
	return 0;
}
module_init(m_init);
MODULE_LICENSE("GPL");
`;

describe('highmem layout --from FOLDER', () => {
	it('prints the table, and tells of every number where it was read and whether it agrees', async () => {
		const { status, out, err } = await highmem(['layout', '--from', 'board'], ARM);
		expect(status).toBe(0);
		expect(out).toContain(VMALLOC_ROW);
		expect(err).toMatch(/^ {2}RAM +1024M@0x40000000 {2}\(board\/iomem:4: listed there\)$/m);
		expect(err).toMatch(/^zone DMA min +869 +869 +same$/m);
		expect(err).toMatch(/^LowTotal +\d+ kB +757772 kB +differs \+0\.\d+ %: /m);
		expect(err).toContain('a session starts with the 60 vmalloc areas of the files; ');
	});

	it('gives the same with --json, each with file and line', async () => {
		const { out } = await highmem(['layout', '--json', '--from', 'board'], ARM);
		const { assumptions, counted, files, state } = JSON.parse(out);
		expect(files).toHaveLength(8);
		expect(assumptions).toContainEqual({
			what: 'RAM',
			value: '1024M@0x40000000',
			file: 'board/iomem',
			line: 4,
			reason: 'listed there',
		});
		expect(counted).toContainEqual({
			what: 'HighTotal',
			file: 'board/meminfo',
			line: 6,
			read: '262144 kB',
			computed: '262144 kB',
			verdict: 'same',
		});
		expect(state.vmallocAreas).toHaveLength(60);
		expect(state.zones[1]).toMatchObject({ name: 'HighMem', watermarks: { min: 64, low: 139, high: 214 } });
	});

	it('takes several --from, gzip among them, and standard input', async () => {
		const { 'board/iomem': iomem = '', ...rest } = ARM;
		const files = { ...rest, 'iomem.gz': gzipSync(iomem) };
		const { out, err } = await highmem(['layout', '--from', 'board', '--from', 'iomem.gz'], files);
		expect(out).toContain(VMALLOC_ROW);
		expect(err).toContain('(iomem.gz:4: listed there)');
		const all = Object.values(ARM).join('\n');
		const input = await highmem(['layout', '--from', '-'], { '-': all.replace(/^console.*$/m, '') });
		expect(input.out).toContain(VMALLOC_ROW);
	});

	it('lets flags override it, and then says that the areas have no place any more', async () => {
		const { out, err } = await highmem(['layout', '--from', 'board', '--vmalloc', '512M'], ARM);
		expect(out).toContain('    vmalloc : 0xdf800000 - 0xff800000   ( 512 MB)\n');
		expect(err).toContain('note: the flags move borders, so the areas and free lists of /proc are left out\n');
	});

	it('keeps the state where flags move no border', async () => {
		const { err } = await highmem(['layout', '--from', 'board', '--nr-cpus', '8'], ARM);
		expect(err).toContain('a session starts with the 60 vmalloc areas of the files; ');
	});

	it.each([
		['an empty folder', { 'board/.hidden': '' }, 'board: is an empty folder'],
		['files of nothing', { 'board/a': 'hello\n', 'board/b': 'world\n' }, 'board/a, board/b: no boot of a Linux kernel'],
		[
			'a 64-bit machine',
			{ 'board/meminfo': 'MemTotal: 16000000 kB\nDirectMap1G: 1048576 kB\n' },
			'board/meminfo:2: is of a 64-bit kernel: DirectMap1G',
		],
		[
			'random bytes',
			{ 'board/a': Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 7919) % 256)) },
			'board/a: ',
		],
	])('answers %s with one line and status 2', async (_, files: Record<string, string | Buffer>, words) => {
		const { status, out, err } = await highmem(['layout', '--from', 'board'], files);
		expect([status, out]).toEqual([2, '']);
		expect(err).toContain(words);
		expect(err.trimEnd().split('\n')).toHaveLength(1);
		expect(err).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
	});

	it('never lets escape sequences through', async () => {
		const files = { ...ARM, 'board/version': `Linux version 6.1.0\u001b[2J-armmp (a@b) (arm-linux-gcc) #1 SMP\n` };
		const { out, err } = await highmem(['layout', '--from', 'board'], files);
		expect(out + err).not.toContain('\u001b');
	});
});

describe('other modes with the same --from', () => {
	it('explain lists what was read and what was assumed', async () => {
		const { status, out, err } = await highmem(['explain', '0xf0810000', '--from', 'board'], ARM);
		expect(status).toBe(0);
		expect(out).toContain('ioremap area 0xf0810000 - 0xf0821000 of gic_of_setup+0x38/0xf8');
		expect(out).toContain('0x08000000');
		expect(err).toContain('note: which pages and page tables the areas have is chosen; /proc does not tell\n');
		expect(err).toMatch(/^ {2}kernel +6\.1\.0-44-armmp \(6\.1\.176\) {2}\(board\/version:1: /m);
		const json = JSON.parse((await highmem(['explain', 'vmalloc', '--json', '--from', 'board'], ARM)).out);
		expect(json.assumptions.map(({ what }: { what: string }) => what)).toContain('RAM');
	});

	it('run begins where the board was: vmalloc takes its lowest gap', async () => {
		const files = { ...ARM, 'm.c': MODULE };
		const { status, out } = await highmem(['run', 'm.c', '--from', 'board'], files);
		expect(status).toBe(0);
		const [, address] = /\] ([0-9a-f]{8})$/m.exec(out) ?? [];
		const rows = (ARM['board/vmallocinfo'] ?? '').trimEnd().split('\n');
		const starts = rows.map(row => row.slice(2, 10));
		expect(address).toBeDefined();
		expect(starts).not.toContain(address);
		expect(Number.parseInt(address ?? '', 16)).toBeGreaterThan(0xf0803000);
	});

	it('compare takes a folder for a machine', async () => {
		const { status, out } = await highmem(['compare', 'board', 'imx6q-1g'], ARM);
		expect(status).toBe(0);
		expect(out).toContain('0xf0800000');
	});

	it('without a terminal a folder or a log as FILE is its layout', async () => {
		const { status, out } = await highmem(['board'], ARM);
		expect([status, out.includes(VMALLOC_ROW)]).toEqual([0, true]);
	});
});
