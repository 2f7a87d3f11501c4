import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { readBootLog } from '../../source/machine/boot-log/read-boot-log.ts';
import { machineFromFlags } from '../../source/machine/from-flags.ts';
import type { Machine } from '../../source/machine/machine.ts';
import { findMachine, MACHINES } from '../../source/machine/machines.ts';
import { UserError } from '../../source/machine/user-error.ts';
import { fileOfMachine } from '../../source/scenario/machine-file.ts';
import { parseScenario } from '../../source/scenario/parse-scenario.ts';
import { randomMachine } from '../property/twin/random-machine.ts';

const machineOf = (machine: string): Machine =>
	parseScenario(`title: {en: A, zh: 甲}\nmachine: ${machine}\nsteps: [{caption: {en: A., zh: 甲。}}]\n`, 'a.yaml')
		.machine;

const readBack = (machine: Machine): Machine => machineOf(JSON.stringify(fileOfMachine(machine)));

const mistakeIn = (machine: string): string => {
	try {
		machineOf(machine);
	} catch (error) {
		if (error instanceof UserError) return error.line;
		throw error;
	}
	throw new Error('no mistake was found');
};

describe('the machine of a scenario', () => {
	it.each(MACHINES.map(({ id }) => id))('%s is its id', id => {
		expect(fileOfMachine(findMachine(id))).toBe(id);
	});

	it('that was changed is like a ready-made one but for what was changed', () => {
		const machine = machineFromFlags({ machine: 'imx6q-2g', ram: '1G', vmalloc: '512M', kernel: '4.19', lpae: false });
		expect(stringify(fileOfMachine(machine))).toBe(
			'like: imx6q-2g\nkernel: "4.19"\nram: 1G@0x10000000\nparameters:\n  vmalloc: 512M\n',
		);
		expect(readBack(machine)).toEqual(machine);
	});

	it('made from flags is read back as it was', () => {
		const flags = [
			{ arch: 'x86', kernel: '4.19.44', ram: '4G', pae: true, nrCpus: '8' },
			{ arch: 'arm', ram: '512M@0x80000000,256M@0xa0000000', split: '2G' },
			{ machine: 'imx6q-1g', cmdline: 'mem=768M vmalloc=256M' },
		];
		for (const each of flags) expect(readBack(machineFromFlags(each))).toEqual(machineFromFlags(each));
	});

	it('of any kind is read back as it was', () => {
		for (let seed = 0; seed < 200; seed++) expect(readBack(randomMachine(seed))).toEqual(randomMachine(seed));
	});

	it.each(['arm-mailed', 'arm-old', 'arm-serial', 'arm-thumb2', 'pc-syslog'])(
		'from the boot log %s is read back as it was',
		name => {
			const log = readFileSync(new URL(`../fixtures/boot-logs/${name}.txt`, import.meta.url), 'utf8');
			const { machine } = readBootLog(log);
			expect(readBack(machine)).toEqual(machine);
		},
	);

	it.each([
		['imx6q-3g', 'a.yaml:2:1: no machine is called "imx6q-3g" (did you mean imx6q-1g? "highmem machines" lists them)'],
		['{like: imx6q-3g}', 'a.yaml:2:11: no machine is called "imx6q-3g"'],
		['{like: imx6q-2g, vmaloc: 1}', 'a.yaml:2:27: unknown key "vmaloc"'],
		['{like: imx6q-2g, nr_cpu: 1}', 'a.yaml:2:27: unknown key "nr_cpu" (did you mean "nr_cpus"?)'],
		['{like: imx6q-2g, pae: true}', 'a.yaml:2:27: unknown key "pae"'],
		['{like: imx6q-2g, parameters: {vmaloc: 1}}', 'unknown key "vmaloc" (did you mean "vmalloc"?)'],
		['{like: imx6q-2g, parameters: {vmalloc: much}}', 'a.yaml:2:27: "much" is not a size'],
		['{like: imx6q-2g, ram: 1M}', 'a.yaml:2:1: no lowmem for the kernel itself'],
		['{like: imx6q-2g, kernel: 7.0.0}', 'a.yaml:2:27: kernel 7.0.0 is not known here'],
		['{like: imx6q-2g, cpu: null}', 'a.yaml:2:27: every machine has this (leave the line out)'],
		['{like: imx6q-2g, nr_cpus: 64}', 'cannot be built for 64 CPUs'],
		['{like: imx6q-2g, cpus_online: 8}', 'a.yaml:2:1: 8 CPUs, but the kernel is built for 4'],
		['{vmalloc: 1}', 'a.yaml:2:1: "like" is missing'],
		['[imx6q-2g]', 'expected a text'],
	])('%s is a mistake', (machine, mistake) => {
		expect(mistakeIn(machine)).toContain(mistake);
	});
});
