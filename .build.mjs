// Bundles the `highmem` command into dist/: a small cli.js, and what it loads only when needed beside it.
import { chmod, copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { build } from 'esbuild';

const require = createRequire(import.meta.url);

// Whoever takes text apart or measures it remembers the answers: Ink asks for all of the screen in every frame.
const remembered = {
	'@alcalzone/ansi-tokenize': require.resolve('./source/terminal/remembered-ansi-tokens.ts'),
	'string-width': require.resolve('./source/terminal/remembered-width.ts'),
};
const remembering = {
	name: 'remembering',
	setup: build => {
		build.onResolve({ filter: /^(?:@alcalzone\/ansi-tokenize|string-width)$/ }, ({ path, importer }) =>
			Object.values(remembered).includes(importer) ? undefined : { path: remembered[path] },
		);
	},
};

// What V8 makes of Unicode's tables takes as long as half a bare Node, and a screen of ASCII needs none of it: packages
// that make it when they are loaded make it when they are first asked.
const madeEarly = /^const (segmenter|rgiEmojiRegex) = (.+);$/gm;
const lateUnicode = {
	name: 'late-unicode',
	setup: build => {
		const filter = /[\\/](?:string-width|wrap-ansi|ansi-tokenize[\\/]build)[\\/](?:index|tokenize)\.js$/;
		build.onLoad({ filter }, async ({ path }) => {
			const contents = (await readFile(path, 'utf8')).replace(
				madeEarly,
				(_, name, value) => `let ${name}Made; const ${name} = {
					segment: text => (${name}Made ??= ${value}).segment(text),
					test: text => (${name}Made ??= ${value}).test(text),
				};`,
			);
			return { contents };
		});
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
		// Nothing here speaks HTTP, and Yoga would load all of Node's client to read its WebAssembly out of a data URL.
		fetch: 'undefined',
	},
	// Ink imports its devtools client unconditionally; nothing of it is wanted in production.
	alias: { 'react-devtools-core': './source/empty-module.ts' },
	plugins: [remembering, lateUnicode],
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
		bootlogs: 'source/command-line/checks/bootlogs.ts',
		oracle: 'source/command-line/checks/oracle.ts',
		faults: 'source/command-line/checks/faults.ts',
	},
	outdir: 'dist',
	splitting: true,
	chunkNames: '[name]-[hash]',
});
// The C grammar and its runtime are WebAssembly files that are read beside the bundle when C is first parsed.
await copyFile(require.resolve('tree-sitter-c/tree-sitter-c.wasm'), 'dist/tree-sitter-c.wasm');
await copyFile(require.resolve('web-tree-sitter/web-tree-sitter.wasm'), 'dist/web-tree-sitter.wasm');
await chmod('dist/cli.js', 0o755);
