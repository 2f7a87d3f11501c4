// Bundles the `highmem` command into dist/: a small cli.js, and what it loads only when needed beside it.
import { chmod, copyFile, mkdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { build } from 'esbuild';

const require = createRequire(import.meta.url);

// Ink, and only Ink, remembers how text falls apart into characters and how wide it is.
const remembered = {
	'@alcalzone/ansi-tokenize': require.resolve('./source/terminal/remembered-ansi-tokens.ts'),
	'string-width': require.resolve('./source/terminal/remembered-width.ts'),
};
const rememberingInk = {
	name: 'remembering-ink',
	setup: build => {
		build.onResolve({ filter: /^(?:@alcalzone\/ansi-tokenize|string-width)$/ }, ({ path, importer }) =>
			/[\\/](?:ink|widest-line)[\\/]/.test(importer) ? { path: remembered[path] } : undefined,
		);
	},
};

const production = {
	bundle: true,
	format: 'esm',
	platform: 'node',
	target: 'node20',
	minify: true,
	define: {
		'process.env.NODE_ENV': '"production"',
		'process.env.DEV': '"false"',
	},
	// Ink imports its devtools client unconditionally; nothing of it is wanted in production.
	alias: { 'react-devtools-core': './source/empty-module.ts' },
	plugins: [rememberingInk],
	// Some dependencies are CommonJS and call `require` for Node's own modules.
	banner: {
		js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
	},
	logLevel: 'warning',
};

await rm('dist', { recursive: true, force: true });
await mkdir('dist');
await build({
	...production,
	entryPoints: {
		cli: 'source/cli.ts',
		bootlogs: 'source/command-line/bootlogs.ts',
		oracle: 'source/command-line/oracle.ts',
		faults: 'source/command-line/faults.ts',
	},
	outdir: 'dist',
	splitting: true,
	chunkNames: '[name]-[hash]',
});
// The C grammar and its runtime are WebAssembly files that are read beside the bundle when C is first parsed.
await copyFile(require.resolve('tree-sitter-c/tree-sitter-c.wasm'), 'dist/tree-sitter-c.wasm');
await copyFile(require.resolve('web-tree-sitter/web-tree-sitter.wasm'), 'dist/web-tree-sitter.wasm');
await chmod('dist/cli.js', 0o755);
