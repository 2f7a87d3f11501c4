import { describe, expect, it } from 'vitest';
import { highmem } from '../helpers/fake-io.ts';

describe('highmem explain', () => {
	it('says why lowmem ends where it does', async () => {
		const { status, out, err } = await highmem(['explain', 'high_memory', '--machine', 'imx6q-1g']);
		expect(out).toContain(
			'lowmem ends at 0xef800000: VMALLOC_END 0xff000000 - 240 MB - 8 MB, since RAM reaches further; kernel 3.3 to 4.3\n',
		);
		expect([status, err]).toEqual([0, '']);
	});

	it('takes an address as it is written, not as a number', async () => {
		const { out } = await highmem(['explain', '0xbfe01000']);
		expect(out).toContain('slot 1 of 512');
		expect((await highmem(['explain', '30000000'])).out).toContain('0x30000000: user');
	});

	it('takes machine flags, and a .config', async () => {
		const { out } = await highmem(['explain', 'PAGE_OFFSET', '--config', '.config'], {
			'.config':
				'# Linux/arm 4.19.94 Kernel Configuration\nCONFIG_ARM=y\nCONFIG_VMSPLIT_2G=y\nCONFIG_SMP=y\nCONFIG_NR_CPUS=4\n',
		});
		expect(out).toContain('begins at 0x80000000');
	});

	it('speaks Chinese with --lang zh', async () => {
		const { out } = await highmem(['explain', 'vmalloc', '--machine', 'imx6q-2g', '--lang', 'zh']);
		expect(out).toContain('vmalloc 区开始于 0xf0800000');
	});

	it('gives the walk with its entries in JSON', async () => {
		const { out } = await highmem(['explain', '0xd0000000', '--machine', 'imx6q-1g', '--json']);
		expect(JSON.parse(out)).toMatchObject({
			kind: 'address',
			region: { name: 'lowmem', start: '0xc0000000', end: '0xef800000' },
			walk: { format: 'arm', root: '0xc0004000', levels: [{ level: 'PGD', index: 3328, value: '0x2001141e' }] },
			frame: { pfn: 0x20000, physical: '0x20000000', zone: 'Normal' },
			virtToPhys: { isValid: true, gives: '0x20000000' },
		});
	});

	it('gives the steps of a border in JSON', async () => {
		const { out } = await highmem(['explain', 'lowmem', '--machine', 'imx6q-1g', '--json']);
		expect(JSON.parse(out)).toMatchObject({
			kind: 'row',
			bytes: 760 * 2 ** 20,
			end: {
				border: 'high_memory',
				value: '0xef800000',
				rule: 'lowmem-to-vmalloc',
				steps: [
					{ op: '+', name: 'VMALLOC_END', value: '0xff000000' },
					{ op: '-', value: 240 * 2 ** 20 },
					{ op: '-', value: 8 * 2 ** 20 },
				],
				firstKernel: '3.3',
				lastKernel: '4.3',
			},
		});
	});

	it.each([
		[
			['explain'],
			'highmem: explain: explains one address, row or symbol (highmem explain 0xc0000000 or highmem explain high_memory)\n',
		],
		[['explain', 'lowmen'], 'highmem: lowmen: is no address, row or symbol of this kernel (did you mean lowmem?)\n'],
		[['explain', 'lowmem', '--config', 'x'], 'highmem: x: cannot be read: no such file (check the path)\n'],
	])('%o ends with status 2 and one line', async (argv, line) => {
		const { status, out, err } = await highmem(argv);
		expect([status, out, err]).toEqual([2, '', line]);
	});
});
