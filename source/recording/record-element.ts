import type { ReactElement } from 'react';
import { FrameStdout, inkOptions } from '../terminal/frame-stdout.ts';
import { ScreenDiff } from '../terminal/screen-diff.ts';
import { type AsciicastOptions, AsciicastWriter } from './asciicast-writer.ts';
import { SilentKeyboard } from './silent-keyboard.ts';

/** A recording under way: what is on the screen, and a time that passes only when it is told to. */
export interface Recorder {
	/** Waits until the screen shows the newest state, and records what changed at the present time. */
	capture(): Promise<void>;
	/** Lets time pass. */
	wait(ms: number): void;
	/** Puts a mark at the present time. */
	mark(label: string): void;
}

/**
 * Records an Ink element while `play` makes things happen.
 * @returns the asciicast file
 */
export const recordElement = async (
	element: ReactElement,
	options: AsciicastOptions,
	play: (recorder: Recorder) => Promise<void>,
): Promise<string> => {
	const { render } = await import('ink');
	const { size } = options;
	const writer = new AsciicastWriter(options);
	// Every event of the file is one write: there is nothing to synchronize.
	const diff = new ScreenDiff({ ...size, isSynchronized: false });
	let rows: readonly string[] = [];
	const stdout = new FrameStdout(size, {
		frame: frame => {
			rows = frame;
		},
	});
	const ink = render(element, { ...inkOptions(stdout, new SilentKeyboard().stream), isScreenReaderEnabled: false });
	let timeMs = 0;
	try {
		await play({
			async capture() {
				await ink.waitUntilRenderFlush();
				writer.output(timeMs, diff.update(rows));
			},
			wait(ms) {
				timeMs += ms;
			},
			mark(label) {
				writer.marker(timeMs, label);
			},
		});
	} finally {
		ink.unmount();
	}
	// The shell that replays this gets its cursor back below the last screen.
	writer.output(timeMs, `\x1b[${size.rows}H\x1b[?25h`);
	return writer.toString();
};
