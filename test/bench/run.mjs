// Bundles the benchmarks as the product is bundled (production React, minified) and runs them one after another, each
// in a process of its own, so that none meets the heap or the compiled code of another, and with a limit of time.
// `npm run bench` runs all, `npm run bench -- engine` those whose file name holds the word.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const LIMIT_MS = 60_000;
const folder = new URL('.', import.meta.url).pathname;
const wanted = process.argv[2] ?? '';
const files = (await readdir(folder)).filter(name => name.endsWith('.bench.ts') && name.includes(wanted)).sort();
// Where packages are found: some bring files that are read when they run.
const out = await mkdtemp(new URL('../../node_modules/.bench-', import.meta.url).pathname);

const bundle = (file, outfile) =>
	build({
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

/** The figures of one benchmark; what went wrong is one that was missed. */
const figuresOf = async file => {
	const outfile = join(out, file.replace('.ts', '.mjs'));
	await bundle(file, outfile);
	const run = `import(${JSON.stringify(pathToFileURL(outfile).href)}).then(({ measure }) => measure()).then(figures =>
		process.stdout.write(JSON.stringify(figures), () => process.exit()))`;
	try {
		const options = { timeout: LIMIT_MS, killSignal: 'SIGKILL' };
		const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', '-e', run], options);
		return JSON.parse(stdout);
	} catch (error) {
		const why = error.killed ? `not done in ${LIMIT_MS / 1000} s` : String(error.stderr || error).trim();
		return [{ what: file, value: why, budget: 'to be measured', isMet: false }];
	}
};

const COLUMNS = { what: 50, value: 22, ratio: 28 };
const row = (verdict, { what, value, ratio = '', budget = '' }) =>
	console.log(
		`${verdict.padEnd(8)}${what.padEnd(COLUMNS.what)}${value.padEnd(COLUMNS.value)}${ratio.padEnd(COLUMNS.ratio)}${budget}`.trimEnd(),
	);

try {
	let missed = 0;
	row('', { what: 'what', value: 'figure', ratio: 'in the same run', budget: 'budget' });
	for (const file of files) {
		console.log(`\n${file.replace('.bench.ts', '')}`);
		for (const figure of await figuresOf(file)) {
			if (figure.isMet === false) missed++;
			row(figure.isMet === undefined ? '-' : figure.isMet ? 'met' : 'MISSED', figure);
		}
	}
	console.log(`\n${missed === 0 ? 'every budget met' : `${missed} missed`}`);
} finally {
	await rm(out, { recursive: true, force: true });
}
