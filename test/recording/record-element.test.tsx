import { Box, Text, useInput } from 'ink';
import { expect, it } from 'vitest';
import { recordElement } from '../../source/recording/record-element.ts';
import { readCast, replay } from '../helpers/replay.ts';

const size = { columns: 30, rows: 5 };

const Screen = () => {
	useInput(() => {});
	return (
		<Box width={size.columns} height={size.rows} borderStyle="single">
			<Text bold>计数 0</Text>
		</Box>
	);
};

const record = () =>
	recordElement(<Screen />, { size, title: 'counter' }, async recorder => {
		recorder.mark('start');
		await recorder.capture();
		recorder.wait(1500);
		await recorder.capture();
		recorder.wait(500);
		recorder.mark('end');
	});

it('a frame is recorded at the time at which it came, and one that changes nothing is not', async () => {
	const { events } = readCast(await record());
	expect(events.map(({ time, kind }) => `${time} ${kind}`)).toEqual(['0 m', '0 o', '2 m', '2 o']);
});

it('a player shows the last frame, and has its cursor back on the last row', async () => {
	const terminal = await replay(await record());
	expect(terminal.text()).toBe(
		['┌────────────────────────────┐', '│计数 0                      │', '│                            │']
			.concat(['│                            │', '└────────────────────────────┘'])
			.join('\n'),
	);
	expect(terminal.cursor).toEqual({ x: 0, y: 4, isShown: true });
});

it('the same element gives the same bytes', async () => {
	expect(await record()).toBe(await record());
});
