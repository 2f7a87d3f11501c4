import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeLayout } from '../../source/layout/compute-layout.ts';
import { machineFromFlags } from '../../source/machine/from-flags.ts';
import { KernelConfig } from '../../source/machine/kernel-config/kernel-config.ts';
import { OPTIONS } from '../../source/machine/kernel-config/options.ts';
import { UserError } from '../../source/machine/user-error.ts';
import configs from '../fixtures/oracle-configs.json' with { type: 'json' };
import { recordedRuns } from '../layout/oracle-machine.ts';

/** Borders that follow from options alone, whatever else the recorded kernel was built with. */
const BORDERS = [
	'PAGE_OFFSET',
	'TASK_SIZE',
	'high_memory',
	'VMALLOC_START',
	'VMALLOC_END',
	'PKMAP_BASE',
	'LAST_PKMAP',
	'NR_CPUS',
];

describe.each(configs)('options recorded on $run', ({ run, config }) => {
	it('lead to the borders that the kernel printed', () => {
		const recorded = recordedRuns.find(candidate => candidate.run === run);
		if (!recorded) throw new Error(`${run} is not recorded`);
		const { arch, kernel, ramMiB, constants } = recorded;
		const lines = Object.entries(config).map(([name, value]) => `CONFIG_${name}=${value}`);
		const isLpae = run.includes('lpae');
		const machine = machineFromFlags({
			machine: arch === 'arm' ? (isLpae ? 'vexpress-a15-lpae-4g' : 'vexpress-a15-6.1') : 'qemu-i386-512m',
			kernel,
			ram: arch === 'arm' ? `${ramMiB}M@0x40000000` : `${ramMiB}M`,
			config: new KernelConfig(lines.join('\n'), '.config'),
		});
		const { symbols } = computeLayout(machine);
		for (const name of BORDERS) {
			const expected = (constants as Readonly<Record<string, string | number | undefined>>)[name];
			if (expected !== undefined) expect([name, symbols.get(name)]).toEqual([name, Number(expected)]);
		}
	});
});

describe('any .config', () => {
	const name = fc.constantFrom(...Object.keys(OPTIONS), 'NET', 'LOCALVERSION');
	const value = fc.oneof(fc.constantFrom('y', 'm', 'n', '0', '1', '4', '11', '99', '0x80000000', '""'), fc.string());
	const line = fc.oneof(
		fc.tuple(name, value).map(([option, text]) => `CONFIG_${option}=${text}`),
		name.map(option => `# CONFIG_${option} is not set`),
		fc.constantFrom('# Linux/arm 4.19.94 Kernel Configuration', '# Linux/x86 9.9 Kernel Configuration', '', '#'),
		fc.string(),
	);

	it('gives a machine that has a layout, or one line of error', () => {
		fc.assert(
			fc.property(fc.array(line, { maxLength: 30 }), lines => {
				try {
					const machine = machineFromFlags({ config: new KernelConfig(lines.join('\n'), '.config') });
					expect(computeLayout(machine).regions.length).toBeGreaterThan(3);
				} catch (error) {
					if (!(error instanceof UserError)) throw error;
					expect(error.line).not.toContain('\n');
					expect(error.line).toMatch(/^\.config/);
				}
			}),
			{ numRuns: 3000 },
		);
	});
});
