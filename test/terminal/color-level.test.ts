import { describe, expect, it } from 'vitest';
import { applyColorLevel, detectColorLevel } from '../../source/terminal/color-level.ts';
import { allowsSynchronizedOutput } from '../../source/terminal/synchronized-output.ts';
import { hasUnicode } from '../../source/terminal/unicode.ts';

describe('the number of colours', () => {
	it.each([
		[{ TERM: 'xterm-256color' }, 2],
		[{ TERM: 'xterm-256color', COLORTERM: 'truecolor' }, 3],
		[{ TERM: 'screen-256color', COLORTERM: '24bit' }, 3],
		[{ TERM: 'xterm-direct' }, 3],
		[{ TERM: 'linux' }, 1],
		[{ TERM: 'xterm' }, 1],
		[{ TERM: 'vt220' }, 0],
		[{ TERM: 'dumb', COLORTERM: 'truecolor' }, 0],
		[{}, 0],
		[{ TERM: 'xterm-256color', NO_COLOR: '1' }, 0],
		[{ TERM: 'xterm-256color', NO_COLOR: '' }, 2],
		[{ TERM: 'xterm-256color', NO_COLOR: '1', FORCE_COLOR: '3' }, 3],
		[{ TERM: 'dumb', FORCE_COLOR: '' }, 1],
		[{ TERM: 'dumb', FORCE_COLOR: 'true' }, 1],
		[{ TERM: 'xterm-256color', FORCE_COLOR: '0' }, 0],
	] as const)('of %o is level %i', (environment, level) => {
		expect(detectColorLevel(environment)).toBe(level);
	});

	it('is none with --no-color, whatever the environment says', () => {
		expect(detectColorLevel({ TERM: 'xterm-256color', FORCE_COLOR: '3' }, false)).toBe(0);
	});

	it('is told to Ink, which must go on printing bold and inverse without colours', () => {
		const environment: Record<string, string | undefined> = { NO_COLOR: '1' };
		applyColorLevel(0, environment);
		expect(environment).toEqual({ FORCE_COLOR: '1' });
	});
});

describe('Unicode is drawn', () => {
	it.each([
		[{ LANG: 'en_US.UTF-8' }, true],
		[{ LANG: 'zh_CN.utf8' }, true],
		[{ LANG: 'de_DE.UTF-8@euro' }, true],
		[{ LC_CTYPE: 'UTF-8' }, true],
		[{ LANG: 'C' }, false],
		[{ LANG: 'zh_CN.GB18030' }, false],
		[{ LANG: 'en_US.UTF-8', LC_ALL: 'C' }, false],
		[{ LANG: 'C', LC_ALL: '', LC_CTYPE: 'C.UTF-8' }, true],
		[{}, false],
	] as const)('with %o: %s', (environment, isUnicode) => {
		expect(hasUnicode(environment)).toBe(isUnicode);
	});

	it('never with --ascii', () => {
		expect(hasUnicode({ LANG: 'en_US.UTF-8' }, true)).toBe(false);
	});
});

describe('synchronized output is used', () => {
	it.each([
		[{ TERM: 'xterm-256color' }, true],
		[{ TERM: 'screen-256color', TMUX: '/tmp/tmux-0/default,1,0' }, true],
		[{ TERM: 'screen' }, false],
		[{ TERM: 'linux' }, false],
		[{}, true],
	] as const)('with %o: %s', (environment, isUsed) => {
		expect(allowsSynchronizedOutput(environment)).toBe(isUsed);
	});
});
