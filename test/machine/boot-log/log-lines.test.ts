import { describe, expect, it } from 'vitest';
import { logLines } from '../../../source/machine/boot-log/log-lines.ts';

const WORDS = 'Memory: 250000K/262144K available';

describe('what stands before the words of the kernel', () => {
	it.each([
		['a time stamp', '[    0.000000] '],
		['a priority', '<6>[    0.000000] '],
		['syslog', 'Jan  1 00:00:06 host kernel: [    0.000000] '],
		['syslog without a host', 'Jan  1 00:00:04 kernel: '],
		['journald with an ISO date', '2016-02-03T10:11:12.123456+0100 host kernel: '],
		['dmesg -T', '[Mon Feb  1 10:11:12 2016] '],
		['a caller', '[    0.000000][    T0] '],
		['a CPU and a task', '[    0.000000] -(0)[0:swapper]'],
		['a padded task', '<4>[    0.000000] [0:        swapper:    0] '],
		['a date and a task', '<5>[01-01 00:00:00.000000] [0: swapper]'],
		["a terminal program's clock", '[2016-02-03 10:11:12.123] [    0.000000] '],
		['a quotation', '> > [    0.000000] '],
		['a quotation with more blanks', '>   [    0.000000] '],
		['colours', '\u001b[32m[    0.000000] \u001b[0m'],
	])('%s is taken off', (_, prefix) => {
		expect(logLines(`${prefix}${WORDS}`, 1)).toEqual([{ number: 1, text: WORDS }]);
	});
});

describe('wrapped lines', () => {
	it('are joined when the rest has no time stamp', () => {
		const long = `[    0.000000] Kernel command line: ${'console=ttyS0 '.repeat(4)}`;
		expect(logLines(`${long}\nroot=/dev/sda1 vmalloc=256M\n[    0.000000] next`, 5)).toEqual([
			{ number: 5, text: `Kernel command line: ${'console=ttyS0 '.repeat(4)}root=/dev/sda1 vmalloc=256M` },
			{ number: 7, text: 'next' },
		]);
	});

	it('are not joined with a line that begins something else', () => {
		const long = `Kernel command line: ${'console=ttyS0 '.repeat(4)}`;
		expect(logLines(`${long}\nPID hash table entries: 1024\n`, 1)).toHaveLength(2);
	});

	it('count as the line they began in, CRLF or not', () => {
		expect(logLines('one\r\n\r\ntwo\r\n', 1)).toEqual([
			{ number: 1, text: 'one' },
			{ number: 3, text: 'two' },
		]);
	});
});

it('cuts a line that has no end', () => {
	expect(logLines('x'.repeat(1 << 20), 1)[0]?.text.length).toBeLessThanOrEqual(8192);
});

it('undoes quoted-printable mail', () => {
	const mail = 'Kernel command line: console=3Dtty=\nAMA0 mem=3D64M\nMemory: 430000K/45=\n8752K available\nnext';
	expect(logLines(mail, 1)).toEqual([
		{ number: 1, text: 'Kernel command line: console=ttyAMA0 mem=64M' },
		{ number: 3, text: 'Memory: 430000K/458752K available' },
		{ number: 5, text: 'next' },
	]);
});

it('sees that time stamps were switched off in the middle', () => {
	const long = `[    0.000000] Kernel command line: printk.time=0 ${'console=ttyS0 '.repeat(3)}`;
	const memory = 'Memory: 430000K/458752K available (7000K kernel code, 600K rwdata)';
	expect(logLines(`${long}\n${memory}`, 1).map(({ text }) => text)).toEqual([long.slice(15).trim(), memory]);
});
