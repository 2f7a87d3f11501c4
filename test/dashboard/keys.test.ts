import { describe, expect, it } from 'vitest';
import { helpLines, keysLabel } from '../../source/dashboard/boxes/help-model.ts';
import { BINDINGS, Command, commandFor, keyName } from '../../source/dashboard/keys.ts';
import { displayWidth } from '../../source/dashboard/painting/text.ts';
import { PANELS } from '../../source/dashboard/panels/panel-model.ts';
import { messagesIn } from '../../source/messages/messages.ts';

describe('the key table', () => {
	it('has a key for every command', () => {
		expect(new Set(BINDINGS.map(binding => binding.command))).toEqual(new Set(Object.values(Command)));
	});

	it('gives no key two meanings in one context', () => {
		const places = BINDINGS.flatMap(({ contexts, keys }) =>
			contexts.flatMap(context => keys.map(key => `${context} ${key}`)),
		);
		expect(places.length).toBe(new Set(places).size);
	});

	it('leaves printable keys to the text where text is typed', () => {
		for (const context of ['command', 'search', 'history'] as const) {
			const keys = BINDINGS.filter(binding => binding.contexts.includes(context)).flatMap(binding => binding.keys);
			expect(keys.filter(key => key.length === 1 || key === 'space')).toEqual([]);
		}
	});

	it('finds commands by the names of pressed keys', () => {
		expect(commandFor('panel', keyName('j', {}))).toBe(Command.Down);
		expect(commandFor('panel', keyName('', { downArrow: true }))).toBe(Command.Down);
		expect(commandFor('panel', keyName('', { tab: true, shift: true }))).toBe(Command.PreviousPanel);
		expect(commandFor('command', keyName('r', { ctrl: true }))).toBe(Command.HistorySearch);
		expect(commandFor('panel', keyName(' ', {}))).toBe(Command.LessonNext);
		expect(commandFor('panel', keyName('x', {}))).toBeUndefined();
	});
});

describe('the help', () => {
	it.each(['en', 'zh'] as const)('shows every key with its meaning and keeps its columns (%s)', language => {
		const messages = messagesIn(language);
		for (const width of [56, 76, 120]) {
			const lines = helpLines('pkmap', width, messages);
			for (const { command, keys } of BINDINGS) {
				const line = lines.find(text => text.includes(keysLabel(keys)));
				expect(line, command).toBeDefined();
				expect(lines.join('\n')).toContain(messages.help.commands[command]);
			}
			expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(width);
		}
	});

	it('begins with the panel at hand', () => {
		for (const panel of PANELS) {
			const [first = ''] = helpLines(panel, 1000, messagesIn('en'));
			expect(first).toBe(messagesIn('en').help.panel[panel]);
		}
	});
});
