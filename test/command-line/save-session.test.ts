import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { processIo } from '../../source/command-line/io.ts';
import { saveSession } from '../../source/command-line/save-session.ts';
import { findMachine } from '../../source/machine/machines.ts';
import { chinese } from '../../source/phrases/chinese.ts';
import { english } from '../../source/phrases/phrase.ts';
import { runFiles } from '../../source/session/run-files.ts';
import { Session } from '../../source/session/session.ts';

const folder = mkdtempSync(join(tmpdir(), 'highmem-save-'));
afterAll(() => rmSync(folder, { recursive: true }));

const io = processIo(() => {});
const readFile = (path: string): string => io.readFile(path).toString();
const MODULE = 'scenarios/documents/kmap.c';

const sessionWith = async (...acts: readonly string[]): Promise<Session> => {
	const session = await Session.open({ machine: findMachine('imx6q-2g'), readFile });
	for (const act of acts) session.execute(act);
	return session;
};

describe('save', () => {
	it('writes a file that runs without a screen, wherever it lies', async () => {
		const path = join(folder, 'module.yaml');
		const session = await sessionWith(`insmod ${MODULE}`, 'kunmap(NULL)');
		const said = await saveSession(session, { save: path, isOverwriting: false }, io);
		expect(english(said)).toBe(
			`saved, 2 steps: edit the captions in ${path}, then highmem ${path} or highmem record ${path} -o OUT.cast`,
		);
		expect(readFileSync(path, 'utf8')).toContain(`insmod: ${relative(folder, MODULE)}\n`);
		const lines: string[] = [];
		const result = await runFiles([path], {
			machine: findMachine('imx6q-1g'),
			readFile,
			print: line => lines.push(line),
			complain: line => lines.push(english(line)),
		});
		expect(result.failures).toEqual([]);
		expect(lines.map(line => line.replace(/^.*?\] /, ''))).toEqual(session.view.log.map(({ text }) => text));
	});

	it('overwrites a file only when told so', async () => {
		const path = join(folder, 'twice.yaml');
		const session = await sessionWith('cpu 1');
		const save = (isOverwriting: boolean) => saveSession(session, { save: path, isOverwriting }, io);
		await save(false);
		session.execute('cpu 2');
		await expect(save(false)).rejects.toMatchObject({
			line: `${path}: cannot be written: the file is there already (save! overwrites it)`,
		});
		expect(readFileSync(path, 'utf8')).not.toContain('cpu 2');
		expect(chinese(await save(true))).toContain('已保存 2 步');
		expect(readFileSync(path, 'utf8')).toContain('cpu 2');
	});
});
