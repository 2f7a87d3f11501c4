import { type Clock, systemClock } from './clock.ts';
import type { FirstPaint } from './first-paint.ts';
import { FrameLimiter } from './frame-limiter.ts';
import { FrameStdout } from './frame-stdout.ts';
import { type CursorPosition, ScreenDiff, type ScreenSize } from './screen-diff.ts';
import { allowsSynchronizedOutput } from './synchronized-output.ts';
import type { TerminalSession } from './terminal-session.ts';

export interface TerminalScreenOptions {
	/** False sends no colours; other looks remain. @default true */
	readonly hasColor?: boolean;
	/** Whether larger frames are wrapped in synchronized output. @default what the environment allows */
	readonly isSynchronized?: boolean;
	/** What is on the screen before the first frame. */
	readonly painted?: FirstPaint;
	readonly clock?: Clock;
}

/**
 * What stands between Ink and the terminal: Ink renders into `stdout`, and of each frame only the changed cells reach
 * the terminal.
 */
export class TerminalScreen {
	/** For Ink's `render`, with `inkOptions`. */
	readonly stdout: FrameStdout;
	readonly #session: TerminalSession;
	readonly #diff: ScreenDiff;
	readonly #limiter: FrameLimiter;
	readonly #unsubscribe: readonly (() => void)[];
	#rows: readonly string[] = [];
	#cursor: CursorPosition | undefined;

	constructor(session: TerminalSession, options: TerminalScreenOptions = {}) {
		const { hasColor = true, painted, clock = systemClock } = options;
		const isSynchronized = options.isSynchronized ?? allowsSynchronizedOutput(process.env);
		const size = session.size;
		this.#session = session;
		this.#diff = new ScreenDiff({ ...size, hasColor, isSynchronized });
		if (painted && isSameSize(painted.size, size)) this.#diff.adopt(painted.rows);
		this.#limiter = new FrameLimiter(clock, () => this.#send());
		this.stdout = new FrameStdout(size, {
			frame: rows => this.show(rows),
			bracketedPaste: isOn => session.setBracketedPaste(isOn),
		});
		this.#unsubscribe = [
			session.onRepaint(() => {
				// While suspended the window may have changed its size unseen.
				this.#resize();
				this.repaint();
			}),
			session.onResize(() => this.#resize()),
		];
	}

	/** Shows a frame: rows of text with SGR codes. The first after a pause goes out at once, a flood is thinned out. */
	show(rows: readonly string[]): void {
		this.#rows = rows;
		this.#limiter.request();
	}

	/** Shows the terminal's cursor at a place, or hides it. */
	placeCursor(cursor: CursorPosition | undefined): void {
		if (cursor?.x === this.#cursor?.x && cursor?.y === this.#cursor?.y) return;
		this.#cursor = cursor;
		this.#limiter.request();
	}

	/** Ctrl-L: sends the whole screen again. */
	repaint(): void {
		this.#diff.invalidate();
		this.#limiter.request();
	}

	/** Sends a frame that still waits for its turn. */
	flush(): void {
		this.#limiter.flush();
	}

	/** Sends nothing any more. */
	close(): void {
		this.#limiter.cancel();
		for (const unsubscribe of this.#unsubscribe) unsubscribe();
	}

	#resize(): void {
		const size = this.#session.size;
		if (isSameSize(size, this.#diff.size)) return;
		this.#diff.resize(size);
		this.stdout.resize(size);
		this.#limiter.request();
	}

	#send(): void {
		if (!this.#session.isActive) return;
		this.#session.write(this.#diff.update(this.#rows, this.#cursor));
	}
}

function isSameSize(a: ScreenSize, b: ScreenSize): boolean {
	return a.columns === b.columns && a.rows === b.rows;
}
