#!/usr/bin/env node
// The `highmem` command. It looks at the Node it runs on before anything that needs a newer one is loaded.

const OLDEST_NODE = 20;

if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
	process.stderr.write(`highmem: needs Node ${OLDEST_NODE} or later, this is ${process.versions.node}\n`);
	process.exitCode = 2;
} else {
	const { main } = await import('./command-line/main.ts');
	process.exitCode = await main(process.argv.slice(2));
}

export {};
