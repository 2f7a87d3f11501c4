import { describe, expect, it } from 'vitest';
import {
	acceptSearch,
	type CommandLine,
	changeQuery,
	complete,
	EMPTY_LINE,
	edit,
	insert,
	searchHistory,
	searchMatch,
	submitted,
	walkHistory,
} from '../../../source/dashboard/command-bar/command-line.ts';

const typed = (text: string) => insert(EMPTY_LINE, text);
const item = (name: string) => ({ name, detail: '' });

describe('typing', () => {
	it('inserts at the caret', () => {
		const line = insert(edit(edit(typed('kmp(x)'), 'lineStart'), 'charRight'), 'Z');
		expect([line.text, line.caret]).toEqual(['kZmp(x)', 2]);
	});

	it('takes a pasted block as one line without control characters', () => {
		expect(typed('a = 1;\r\n\tb = 2;\u001b').text).toBe('a = 1; b = 2;');
	});

	it('deletes characters, words and ends of the line', () => {
		expect(edit(typed('kmap(page)'), 'deleteBack').text).toBe('kmap(page');
		expect(edit(typed('kmap(page'), 'deleteWord').text).toBe('kmap(');
		expect(edit(edit(typed('kmap'), 'lineStart'), 'deleteOn').text).toBe('map');
		expect(edit(edit(typed('kmap'), 'charLeft'), 'deleteToStart').text).toBe('p');
		expect(edit(edit(typed('kmap'), 'charLeft'), 'deleteToEnd').text).toBe('kma');
	});

	it('never stops inside a character of two units', () => {
		expect(edit(typed('\u{1f600}'), 'charLeft').caret).toBe(0);
		expect(edit(typed('\u{1f600}'), 'deleteBack').text).toBe('');
	});
});

describe('history', () => {
	const ran = (line: CommandLine, text: string) => submitted(insert(line, text));
	const past = ran(ran(ran(EMPTY_LINE, 'one'), 'two'), 'three');

	it('goes back and on, and keeps what was typed', () => {
		const line = walkHistory(insert(past, 'dra'), -1);
		expect(line.text).toBe('three');
		expect(walkHistory(line, -1).text).toBe('two');
		expect(walkHistory(line, 1).text).toBe('dra');
	});

	it('remembers a repeated command once', () => {
		expect(ran(past, 'three').past).toEqual(['one', 'two', 'three']);
	});

	it('is searched from the newest on, older with each Ctrl-R', () => {
		const searching = changeQuery(searchHistory(past), 't');
		expect(searchMatch(searching)).toBe('three');
		expect(searchMatch(searchHistory(searching))).toBe('two');
		expect(acceptSearch(searchHistory(searching)).text).toBe('two');
	});
});

describe('completion', () => {
	it('puts the only name in', () => {
		expect(complete(typed('x = kma'), [item('kmap')], 1)).toMatchObject({ text: 'x = kmap', proposals: undefined });
	});

	it('puts in what all names share, then goes through them', () => {
		const items = [item('kmap'), item('kmap_atomic')];
		const first = complete(typed('km'), items, 1);
		expect(first.text).toBe('kmap');
		const second = complete(first, [], 1);
		expect(second.text).toBe('kmap');
		expect(complete(second, [], 1).text).toBe('kmap_atomic');
		expect(complete(complete(second, [], 1), [], -1).text).toBe('kmap');
	});

	it('replaces only the word before the caret', () => {
		const line = edit(edit(typed('f(km)'), 'charLeft'), 'charLeft');
		const back = edit(line, 'charRight');
		expect(complete(back, [item('kmap')], 1).text).toBe('f(kmap)');
	});
});
