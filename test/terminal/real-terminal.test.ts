import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ptyMissing, ShellInTerminal } from '../helpers/pty.ts';

const folder = mkdtempSync(join(tmpdir(), 'highmem-terminal-'));
const program = join(folder, 'program.mjs');

describe.skipIf(ptyMissing !== undefined)(`in a real terminal${ptyMissing ? ` (${ptyMissing})` : ''}`, () => {
	let shell: ShellInTerminal;

	beforeAll(async () => {
		await build({
			entryPoints: [new URL('programs/program.tsx', import.meta.url).pathname],
			outfile: program,
			bundle: true,
			format: 'esm',
			platform: 'node',
			target: 'node20',
			define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
			alias: { 'react-devtools-core': new URL('../../source/empty-module.ts', import.meta.url).pathname },
			banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
		});
	});
	afterAll(() => rmSync(folder, { recursive: true }));

	beforeEach(async () => {
		shell = await ShellInTerminal.open();
		shell.type(`'${process.execPath}' ${program}; echo status-$?-told\n`);
		await shell.seen(/pid \d+\./);
		expect(shell.terminal.modes).toMatchObject({ screen: 'alternate', isWrapping: false });
		return () => shell.close();
	});

	const pid = async () => Number((await shell.seen(/pid (\d+)\./))[1]);
	const endsWith = async (status: number) => {
		expect((await shell.seen(/status-(\d+)-told/))[1]).toBe(String(status));
		expect(shell.terminal.modes).toEqual({
			screen: 'normal',
			isWrapping: true,
			isPasteMarked: false,
			isSynchronized: false,
		});
		expect(shell.terminal.cursor.isShown).toBe(true);
		expect(shell.terminal.text()).toMatch(/^last words$/m);
		expect(shell.terminal.text()).not.toContain('│');
		expect(await shell.isKeyboardAsBefore()).toBe(true);
	};

	it('keys reach the program, and quitting leaves the terminal as before', async () => {
		shell.type('a');
		await shell.seen(/keys a\./);
		shell.type('q');
		await endsWith(0);
	});

	it.each([
		['SIGTERM', 143],
		['SIGHUP', 129],
		['SIGINT', 130],
	] as const)('%s leaves the terminal as before', async (signal, status) => {
		process.kill(await pid(), signal);
		await endsWith(status);
	});

	it('a crash leaves the terminal as before, with the error to be read', async () => {
		shell.type('c');
		await endsWith(1);
		expect(shell.terminal.text()).toContain('crashed in a timer');
	});

	it('a crash while drawing does so too', async () => {
		shell.type('d');
		await endsWith(1);
		expect(shell.terminal.text()).toContain('crashed while drawing');
	});

	it('Ctrl-Z gives the shell its terminal, and fg brings the program back', async () => {
		shell.type('a');
		await shell.seen(/keys a\./);
		shell.type('\x1a');
		await shell.seen(/Stopped/);
		expect(shell.terminal.modes).toMatchObject({ screen: 'normal', isWrapping: true });
		expect(shell.terminal.cursor.isShown).toBe(true);
		expect(await shell.isKeyboardAsBefore()).toBe(true);
		shell.type('fg\n');
		await shell.seen(/keys a\./);
		expect(shell.terminal.modes).toMatchObject({ screen: 'alternate', isWrapping: false });
		shell.type('b');
		await shell.seen(/keys ab\./);
		shell.type('q');
		await shell.seen(/last words/);
		expect(await shell.isKeyboardAsBefore()).toBe(true);
		expect(shell.terminal.modes.screen).toBe('normal');
	});
});
