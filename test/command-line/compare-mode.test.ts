import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { highmem } from '../helpers/fake-io.ts';

describe('highmem compare', () => {
	it('puts two ready-made machines side by side', async () => {
		const { status, out } = await highmem(['compare', 'imx6q-1g', 'imx6q-2g']);
		expect(out).toContain('lowmem   0xc0000000 - 0xef800000  0xc0000000 - 0xf0000000  end +8 MB\n');
		expect(status).toBe(0);
	});

	it.each([
		[['compare', 'imx6q-2g', '--vmalloc', '512M']],
		[['compare', 'imx6q-2g', 'imx6q-2g --vmalloc 512M']],
		[['compare', '--json', 'imx6q-2g', '--machine imx6q-2g --vmalloc 512M']],
		[['compare', 'imx6q-2g', "imx6q-2g --cmdline 'quiet vmalloc=512M'"]],
	])('takes flags beside one machine, or inside quotes: %o', async argv => {
		const { out } = await highmem([...argv, ...(argv.includes('--json') ? [] : ['--json'])]);
		expect(JSON.parse(out).costs.lowmem).toEqual({ a: 768 << 20, b: 504 << 20, difference: -264 * 2 ** 20 });
	});

	it('names the second side by its flags', async () => {
		const { out } = await highmem(['compare', 'imx6q-2g', '--no-highmem', '--nr-cpus', '8', '--json']);
		expect(JSON.parse(out).b.name).toBe('imx6q-2g --no-highmem --nr-cpus 8');
	});

	it('takes a boot log on either side', async () => {
		const log = readFileSync(new URL('../fixtures/boot-logs/arm-old.txt', import.meta.url));
		const { status, out } = await highmem(['compare', 'imx6q-1g', 'old.txt', '--json'], { 'old.txt': log });
		expect(status).toBe(0);
		const { a, b } = JSON.parse(out);
		expect([a.name, b.name]).toEqual(['imx6q-1g', 'old.txt']);
		expect(b.machine.kernel).not.toBe(a.machine.kernel);
		const changed = await highmem(['compare', 'old.txt', '--split', '2G', '--json'], { 'old.txt': log });
		expect(JSON.parse(changed.out).facts).toEqual([{ name: 'split', a: '3G', b: '2G' }]);
	});

	it('reads a packed .config', async () => {
		const config = gzipSync('CONFIG_VMSPLIT_1G=y\n');
		const { out } = await highmem(['compare', 'imx6q-2g', '--config', 'config.gz', '--json'], { 'config.gz': config });
		expect(JSON.parse(out).facts).toEqual([{ name: 'split', a: '3G', b: '1G' }]);
	});

	it.each([
		[['compare'], /^highmem: compare: compares two machines \(/],
		[['compare', 'imx6q-2g'], /^highmem: compare: needs a second machine \(/],
		[
			['compare', 'imx6q-2g', 'imx6q-1g', '--vmalloc', '64M'],
			/^highmem: compare: which of the two machines do the flags change\? \(/,
		],
		[['compare', 'imx6q-2g', 'imx6q-3g'], /no machine is called "imx6q-3g"/],
		[['compare', 'imx6q-2g', 'imx6q-1g --vmaloc 2M'], /--vmaloc: no such flag \(did you mean --vmalloc\?\)/],
		[['compare', 'a10-1g', 'missing.log'], /^highmem: missing\.log: cannot be read: no such file/],
		[['compare', 'a10-1g', '--config', 'bad'], /^highmem: bad:2: CONFIG_NR_CPUS cannot be read/],
		[['compare', 'a10-1g', '--config', 'damaged.gz'], /^highmem: damaged\.gz: cannot be unpacked/],
	])('%o ends with status 2 and one line', async (argv, line) => {
		const { status, out, err } = await highmem(argv, {
			bad: 'CONFIG_ARM=y\nCONFIG_NR_CPUS=two\n',
			'damaged.gz': Buffer.from([0x1f, 0x8b, 1, 2, 3]),
		});
		expect([status, out]).toEqual([2, '']);
		expect(err).toMatch(line);
		expect(err.trimEnd()).not.toContain('\n');
	});
});
