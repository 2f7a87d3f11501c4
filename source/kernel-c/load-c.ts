import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Language, Parser } from 'web-tree-sitter';

let parser: Parser | undefined;
let loading: Promise<void> | undefined;

/** In dist/ the WebAssembly files lie beside the bundle; in the source tree they are in their packages. */
const locate = (fileName: string, packagePath: string): string => {
	const beside = fileURLToPath(new URL(fileName, import.meta.url));
	return existsSync(beside) ? beside : createRequire(import.meta.url).resolve(packagePath);
};

/** Load the C grammar; to be awaited once before C is parsed. Further calls return the same promise. */
export const loadC = (): Promise<void> => {
	loading ??= (async () => {
		const runtime = locate('web-tree-sitter.wasm', 'web-tree-sitter/web-tree-sitter.wasm');
		await Parser.init({ locateFile: () => runtime });
		const language = await Language.load(locate('tree-sitter-c.wasm', 'tree-sitter-c/tree-sitter-c.wasm'));
		parser = new Parser().setLanguage(language);
	})();
	return loading;
};

/** The parser that loadC made. @throws {Error} when loadC has not been awaited. */
export const cParser = (): Parser => {
	if (!parser) throw new Error('loadC() has not been awaited');
	return parser;
};
