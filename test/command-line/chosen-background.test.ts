import { describe, expect, it } from 'vitest';
import { chosenBackground } from '../../source/command-line/chosen-background.ts';

describe('the background', () => {
	it.each([
		['0;15', 'light'],
		['0;default;15', 'light'],
		['0;7', 'light'],
		['15;0', 'dark'],
		['7;8', 'dark'],
		['default;default', 'dark'],
		['', 'dark'],
	] as const)('with COLORFGBG=%s is %s', (value, background) => {
		expect(chosenBackground(undefined, { COLORFGBG: value })).toBe(background);
	});

	it('is what the flag says before all', () => {
		expect(chosenBackground('dark', { COLORFGBG: '0;15' })).toBe('dark');
		expect(chosenBackground('light', {})).toBe('light');
		expect(() => chosenBackground('pink', {})).toThrow('"pink" is no background');
	});
});
