import { describe, expect, it } from 'vitest';
import { AsciicastWriter, type CastVersion } from '../../source/recording/asciicast-writer.ts';
import { readingTime, typingTimes } from '../../source/recording/pace.ts';

const write = (version?: CastVersion) => {
	const writer = new AsciicastWriter({ size: { columns: 80, rows: 24 }, title: '第一课', version });
	writer.marker(0, 'first "step"');
	writer.output(0, '\x1b[Ha');
	writer.output(40, '');
	writer.output(1250, '高\r\n');
	return writer.toString();
};

// https://docs.asciinema.org/manual/asciicast/v2/
describe('an asciicast file', () => {
	it('begins with a header that names the version, the size and the title', () => {
		expect(JSON.parse(write().split('\n')[0] ?? '')).toMatchObject({
			version: 2,
			width: 80,
			height: 24,
			title: '第一课',
			env: { TERM: 'xterm-256color' },
		});
	});

	it('says nothing of when and where it was made', () => {
		expect(Object.keys(JSON.parse(write().split('\n')[0] ?? ''))).not.toContain('timestamp');
	});

	it('has a theme of two colours and a palette of sixteen', () => {
		const { theme } = JSON.parse(write().split('\n')[0] ?? '');
		expect(`${theme.fg}:${theme.bg}:${theme.palette}`).toMatch(/^(#[\da-f]{6}:){17}#[\da-f]{6}$/);
	});

	it('holds one event a line, times in seconds with three digits, no event for nothing', () => {
		expect(write().split('\n').slice(1)).toEqual([
			'[0.000, "m", "first \\"step\\""]',
			'[0.000, "o", "\\u001b[Ha"]',
			'[1.250, "o", "高\\r\\n"]',
			'',
		]);
	});
});

// https://docs.asciinema.org/manual/asciicast/v3/
describe('an asciicast file of version 3', () => {
	const [header = '', ...events] = write(3).split('\n');

	it('describes the terminal in its header', () => {
		expect(JSON.parse(header)).toMatchObject({
			version: 3,
			term: { cols: 80, rows: 24, type: 'xterm-256color', theme: { fg: '#d8d8d8' } },
			title: '第一课',
		});
	});

	it('counts the time of an event from the one before', () => {
		const writer = new AsciicastWriter({ size: { columns: 80, rows: 24 }, title: '', version: 3 });
		for (const timeMs of [0, 1001, 1001, 2503]) writer.output(timeMs, 'x');
		expect(writer.toString().split('\n').slice(1, 5)).toEqual([
			'[0.000, "o", "x"]',
			'[1.001, "o", "x"]',
			'[0.000, "o", "x"]',
			'[1.502, "o", "x"]',
		]);
		expect(events[0]).toBe('[0.000, "m", "first \\"step\\""]');
	});
});

describe('the pace of a recording', () => {
	it('gives a sentence the time that it takes to read, and neither a blink nor a coffee break', () => {
		expect(readingTime('')).toBe(1500);
		expect(readingTime('x'.repeat(60))).toBe(800 + 60 * 60);
		expect(readingTime('x'.repeat(1000))).toBe(12_000);
	});

	it('counts a Chinese character as nearly three letters', () => {
		expect(readingTime('高端内存的临时映射窗口')).toBe(800 + 11 * 165);
	});

	it('types letters faster than brackets', () => {
		expect(typingTimes('kmap(p);')).toEqual([45, 45, 45, 45, 95, 45, 95, 95]);
	});

	it('types no statement for longer than about five seconds', () => {
		const sum = typingTimes('unsigned char *first = kmap(page);'.repeat(20)).reduce((total, time) => total + time);
		expect(sum).toBeGreaterThan(4000);
		expect(sum).toBeLessThan(6000);
	});
});
