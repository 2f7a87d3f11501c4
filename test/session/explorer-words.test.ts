import { describe, expect, it } from 'vitest';
import { EXPLORER_WORDS, readCommand } from '../../source/session/explorer-words.ts';

describe('the command bar tells words of the explorer from C', () => {
	it.each([
		['cpu 1', { kind: 'cpu', id: 1 }],
		['insmod ../documents/kmap.c', { kind: 'insmod', path: '../documents/kmap.c' }],
		['rmmod kmap;', { kind: 'rmmod', name: 'kmap' }],
		['  undo ', { kind: 'undo' }],
		['seek 12', { kind: 'seek', step: 12 }],
		['goto (unsigned long)page_address(page)', { kind: 'goto', expression: '(unsigned long)page_address(page)' }],
		['machine imx6q-1g', { kind: 'request', request: { machine: 'imx6q-1g' } }],
		['save a/b.yaml', { kind: 'request', request: { save: 'a/b.yaml', isOverwriting: false } }],
		['save! b.yml', { kind: 'request', request: { save: 'b.yml', isOverwriting: true } }],
		['edit', { kind: 'request', request: 'edit' }],
		['explain PKMAP_BASE + PAGE_SIZE;', { kind: 'explain', what: 'PKMAP_BASE + PAGE_SIZE' }],
		['quit', { kind: 'request', request: 'quit' }],
	])('%s', (text, command) => {
		expect(readCommand(text)).toEqual(command);
	});

	it.each(['cpu = 1', 'int cpu', 'reset()', 'undo[2]', 'seek += 4', 'help->me', 'cpus', 'save = 1', 'kmap page'])(
		'%s is C',
		text => {
			expect(readCommand(text)).toEqual({ kind: 'c', text });
		},
	);

	it.each([
		['cpu', 'cpu needs something after it (cpu N)'],
		['cpu one', '"one" is not a number (cpu 1)'],
		['seek -1', '"-1" is not a number (seek 3)'],
		['undo 3', 'undo stands alone (undo)'],
		['save', 'save needs something after it (save FILE.yaml)'],
		['save kmap', 'kmap: a scenario ends in .yaml (save kmap.yaml)'],
		['save!', 'a scenario ends in .yaml (save FILE.yaml)'],
		['machine imx6q-3g', 'no machine is called "imx6q-3g"'],
	])('%s is a mistake', (text, line) => {
		expect(() => readCommand(text)).toThrowError(expect.objectContaining({ line: expect.stringContaining(line) }));
	});

	it('every word has a line for the help', () => {
		for (const word of EXPLORER_WORDS) expect(word.help.length).toBeGreaterThan(3);
	});
});
