import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'highmem-streams-'));

/** Run a line of shell in which `highmem` is the command; its status is that of the command. */
const shell = (line: string) => {
	const { status, stdout, stderr } = spawnSync('sh', ['-c', line.replaceAll('highmem', '"$NODE" "$HIGHMEM"')], {
		cwd: folder,
		encoding: 'utf8',
		env: { PATH: process.env.PATH, NODE: process.execPath, HIGHMEM: join(folder, 'cli.js') },
	});
	return { status, stdout, stderr };
};

describe('the real streams and files of a process', () => {
	beforeAll(async () => {
		await build({
			entryPoints: [new URL('../../source/cli.ts', import.meta.url).pathname],
			outdir: folder,
			bundle: true,
			splitting: true,
			format: 'esm',
			platform: 'node',
			target: 'node20',
			define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
			alias: { 'react-devtools-core': new URL('../../source/empty-module.ts', import.meta.url).pathname },
			banner: { js: "import { createRequire as make } from 'node:module'; const require = make(import.meta.url);" },
		});
		symlinkSync('circle', join(folder, 'circle'));
	});
	afterAll(() => rmSync(folder, { recursive: true }));

	it('a reader that goes away ends the command without a word', () => {
		const { stdout, stderr } = shell('highmem machines --json | head -1; highmem --help | true');
		expect(stdout).toBe('[\n');
		expect(stderr).toBe('');
	});

	it.skipIf(!existsSync('/dev/full'))('a full disk under standard output is told in one line', () => {
		expect(shell('highmem machines > /dev/full')).toEqual({
			status: 2,
			stdout: '',
			stderr: 'highmem: standard output: cannot be written: no space left (make room there)\n',
		});
	});

	it('a closed standard input holds no log', () => {
		const { status, stderr } = shell('highmem layout --from - <&-');
		expect(stderr).toMatch(/^highmem: standard input: [^\n]+\n$/);
		expect(status).toBe(2);
	});

	it.each(['>&-', '2>&-'])('the table is computed with a stream closed: %s', closed => {
		expect(shell(`highmem layout ${closed}`).status).toBe(0);
	});

	it.each(['layout --from circle', 'layout --config circle', 'circle', 'run circle.c', 'layout --from .'])(
		'what cannot be read is told in one line: %s',
		words => {
			const { status, stderr } = shell(`highmem ${words}`);
			expect(stderr).toMatch(/^highmem: [^\n]+\n$/);
			expect(status).toBe(2);
		},
	);

	it('a log comes through a pipe', () => {
		const { stderr } = shell('echo "Linux version 5.10.0 (x) (gcc) #1 SMP" | highmem layout --from -');
		expect(stderr).toMatch(/^highmem: standard input:1: does not show whether/);
	});
});
