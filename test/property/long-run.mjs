// A million random operations over 200 random machines, against the reference model: `npm run test:long`.
// `npm run test:long -- STEPS MACHINES SEED` chooses other numbers.
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const [steps = 1_000_000, machines = 200, seed = 1] = process.argv.slice(2).map(Number);
const out = await mkdtemp(new URL('../../node_modules/.long-run-', import.meta.url).pathname);

try {
	const outfile = join(out, 'long-run.mjs');
	await build({
		entryPoints: [new URL('long-run.ts', import.meta.url).pathname],
		outfile,
		bundle: true,
		format: 'esm',
		platform: 'node',
		target: 'node20',
		packages: 'external',
		logLevel: 'warning',
	});
	const { longRun } = await import(pathToFileURL(outfile).href);
	const isEqual = longRun({ steps, machines, seed, compareEvery: 200 }, line => console.log(line));
	process.exitCode = isEqual ? 0 : 1;
} finally {
	await rm(out, { recursive: true, force: true });
}
