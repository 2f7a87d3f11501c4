import { beforeAll, describe, expect, it, vi } from 'vitest';
import { loadC } from '../../source/kernel-c/load-c.ts';
import { findMachine } from '../../source/machine/machines.ts';
import { verbatim } from '../../source/phrases/phrase.ts';
import { Shell } from '../../source/session/shell.ts';

describe('a panic of the simulated kernel', () => {
	beforeAll(loadC);

	it('stops the machine: no task takes over and nothing more can be done', () => {
		const shell = new Shell(findMachine('imx6q-2g'), undefined);
		const { context } = shell.kernel;
		vi.spyOn(shell.kernel, 'vmalloc').mockImplementation(() =>
			context.fault(['Kernel panic - not syncing: Out of memory'], verbatim('no memory, and no task to kill'), 'panic'),
		);
		expect(shell.perform({ kind: 'c', text: 'vmalloc(4)' }, 1)).toEqual({
			kind: 'fault',
			message: 'Kernel panic - not syncing: Out of memory',
			reason: verbatim('no memory, and no task to kill'),
			isPanic: true,
		});
		expect([...context.tasks.keys()]).toEqual([1, 100]);
		expect(() => shell.perform({ kind: 'c', text: '1 + 1' }, 2)).toThrowError(
			expect.objectContaining({
				line: 'the kernel has stopped: Kernel panic - not syncing: Out of memory (undo, reset and quit still work)',
			}),
		);
	});
});
