import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { FOOTPRINT_FLAGS } from '../../source/command-line/small-footprint.ts';

describe('little memory for the dashboard', () => {
	it.each(FOOTPRINT_FLAGS)('%s is a flag of this V8: an unknown one is told on the terminal', flag => {
		const { stdout, stderr } = spawnSync(process.execPath, [
			'-e',
			`require('node:v8').setFlagsFromString(${JSON.stringify(flag)})`,
		]);
		expect(`${stdout}${stderr}`).toBe('');
	});
});
