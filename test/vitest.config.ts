import { defineConfig } from 'vitest/config';

export default defineConfig({
	test: {
		root: new URL('..', import.meta.url).pathname,
		include: ['test/**/*.test.{ts,tsx}'],
		// Two cores are all that CI has; a real terminal under test wants some of them.
		maxWorkers: 2,
		testTimeout: 60_000,
	},
});
