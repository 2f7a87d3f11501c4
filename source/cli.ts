#!/usr/bin/env node
// The `highmem` command. It looks at the Node it runs on before anything that needs a newer one is loaded.
import nodeModule from 'node:module';

const OLDEST_NODE = 20;

if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
	process.stderr.write(`highmem: needs Node ${OLDEST_NODE} or later, this is ${process.versions.node}\n`);
	process.exitCode = 2;
} else {
	// From the second start on a tenth less: what V8 has compiled lies in the folder for temporary files. Node 20 cannot.
	nodeModule.enableCompileCache?.();
	const { main } = await import('./command-line/main.ts');
	process.exitCode = await main(process.argv.slice(2));
}
