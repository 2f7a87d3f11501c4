import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEFAULT_MACHINE_ID, findMachine } from '../../source/machine/machines.ts';
import { parseBootState } from '../../source/scenario/boot-state-file.ts';
import { parseScenario } from '../../source/scenario/parse-scenario.ts';
import { runFiles } from '../../source/session/run-files.ts';

const readFile = (path: string): string => readFileSync(path, 'utf8');
const files = readdirSync('scenarios', { recursive: true, encoding: 'utf8' }).map(name => `scenarios/${name}`);
const modules = files.filter(name => name.endsWith('.c'));
const isBootState = (name: string): boolean => name.endsWith('boot-state.yaml');
const scenarios = files.filter(name => name.endsWith('.yaml') && !isBootState(name));
const lessons = scenarios.filter(name => name.includes('/lessons/'));

const run = async (paths: readonly string[], machine = DEFAULT_MACHINE_ID, bootState?: string) => {
	const lines: string[] = [];
	const result = await runFiles(paths, {
		machine: findMachine(machine),
		bootState: bootState === undefined ? undefined : parseBootState(readFile(bootState), bootState),
		readFile,
		print: line => lines.push(line),
		complain: () => {},
	});
	return { ...result, lines };
};

describe('every scenario that ships', () => {
	it.each(scenarios)('%s passes without a screen', async path => {
		expect((await run([path])).failures).toEqual([]);
	});
});

describe('every lesson', () => {
	it('is one of the ten topics', () => {
		const topics = new Set(lessons.map(name => name.replace(/^.*\/(\d+).*$/, '$1')));
		expect([...topics].sort()).toEqual(['01', '02', '03', '04', '05', '06', '07', '08', '09', '10']);
	});

	it.each(lessons)('%s has 6 to 12 steps, each with a caption, something to see and something to expect', path => {
		const { steps } = parseScenario(readFile(path), path);
		expect(steps.length).toBeGreaterThanOrEqual(6);
		expect(steps.length).toBeLessThanOrEqual(12);
		for (const step of steps) {
			expect(step.acts.length).toBeGreaterThan(0);
			expect(step.expect.length + step.expectLog.length).toBeGreaterThan(0);
			expect(step.look).toBeDefined();
			expect(step.caption.zh).toMatch(/[\u4e00-\u9fff]/);
		}
	});
});

describe("the documents' modules", () => {
	it.each(modules)('%s loads on a clean boot of the board', async path => {
		expect((await run([path])).status).toBe(0);
	});

	const isForStackGeneration = (path: string): boolean => path.endsWith('atomic_low.c');

	it.each(modules)('%s loads on other machines too', async path => {
		const stackGeneration = ['ubuntu1604-2g', 'laptop-2g-nopae', 'imx6q-1g'];
		// set_fixmap came to ARM with 3.19, kmap_atomic_idx_push was there from 2.6.37 to 5.10.
		const others = ['ubuntu904-2.5g', 'bbb-512m-3.8', 'vexpress-a15-6.1', 'versatilepb-256m', 'versatilepb-128m'];
		for (const machine of isForStackGeneration(path) ? stackGeneration : [...stackGeneration, ...others]) {
			expect((await run([path], machine)).failures, machine).toEqual([]);
		}
	});

	it("print the board's addresses when loaded in the documents' order from the board's state", async () => {
		const order = ['kmap', 'atomic_low', 'atomic_high', 'kmalloc', 'vmalloc'];
		const paths = order.map(name => `scenarios/documents/${name}.c`);
		const { lines, status } = await run(paths, 'imx6q-2g', 'scenarios/documents/boot-state.yaml');
		expect(status).toBe(0);
		expect(lines[0]).toBe('[   58.787147] kmap example init');
		const rule = '***************************************************';
		const block = (head: string, address: string) => [
			head,
			rule,
			'FIXMAP:      ffc00000 -- fff00000',
			'VMALLOC:     f0800000 -- ff800000',
			'LOWMEM:      c0000000 -- f0000000',
			'PKMAP:       bfe00000 -- c0000000',
			rule,
			address,
		];
		expect(lines.map(line => line.slice(15))).toEqual([
			...block('kmap example init', '[*]unsigned int *KMAP_int:       Address: 0xbfe2b000'),
			...block('lowapi_atomic map example init', '[*]unsignd long vaddr:       Address: 0xffefe000'),
			...block('highapi_atomic map example init', '[*]unsigned int *KMAP_atomic:       Address: 0xffefd000'),
			...block('kmalloc example init', '[*]unsigned int *NORMAL_int:     Address: 0xeea18980'),
			...block('vmalloc example init', '[*]unsigned int *VMALLOC_int:    Address: 0xf081f000'),
		]);
	});
});
