import { vi } from 'vitest';

/** Give the test timers of its own, which keep real time but for what `passTime` skips. Afterwards: `vi.useRealTimers()`. */
export const ownTimers = (): void => {
	vi.useFakeTimers({
		toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'],
		shouldAdvanceTime: true,
		advanceTimeDelta: 1,
	});
};

/** Let so many milliseconds pass: at once where the test has timers of its own. */
export const passTime = async (ms: number): Promise<void> => {
	if (vi.isFakeTimers()) await vi.advanceTimersByTimeAsync(ms);
	else await new Promise(resolve => setTimeout(resolve, ms));
};
