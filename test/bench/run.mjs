// Bundles the benchmarks as the product is bundled (production React, minified) and runs them one after another.
// `npm run bench` runs all, `npm run bench -- engine` those whose file name holds the word.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const folder = new URL('.', import.meta.url).pathname;
const wanted = process.argv[2] ?? '';
const files = (await readdir(folder)).filter(name => name.endsWith('.bench.ts') && name.includes(wanted)).sort();
// Where packages are found: some bring files that are read when they run.
const out = await mkdtemp(new URL('../../node_modules/.bench-', import.meta.url).pathname);

try {
	let missed = 0;
	for (const file of files) {
		const outfile = join(out, file.replace('.ts', '.mjs'));
		await build({
			entryPoints: [join(folder, file)],
			outfile,
			bundle: true,
			format: 'esm',
			platform: 'node',
			target: 'node20',
			minify: true,
			define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
			alias: { 'react-devtools-core': './source/empty-module.ts' },
			banner: {
				js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
			},
			logLevel: 'warning',
		});
		const { measure } = await import(pathToFileURL(outfile).href);
		console.log(`\n${file.replace('.bench.ts', '')}`);
		for (const { what, value, budget, isMet } of await measure()) {
			if (!isMet) missed++;
			console.log(`  ${isMet ? 'met   ' : 'MISSED'}  ${what.padEnd(54)} ${value.padEnd(40)} budget: ${budget}`);
		}
	}
	console.log(`\n${missed === 0 ? 'every budget met' : `${missed} missed`}`);
} finally {
	await rm(out, { recursive: true, force: true });
}
