import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const SOURCE = path.resolve(import.meta.dirname, '../source');

/** What each folder may import, besides itself. `phrases` stands below all. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
	phrases: [],
	machine: ['phrases'],
	layout: ['machine', 'phrases'],
	memory: ['layout', 'machine', 'phrases'],
	'kernel-c': ['memory', 'layout', 'machine', 'phrases'],
	scenario: ['memory', 'layout', 'machine', 'phrases'],
	session: ['scenario', 'kernel-c', 'memory', 'layout', 'machine', 'phrases'],
	messages: ['memory', 'layout', 'machine', 'phrases'],
	terminal: [],
	dashboard: ['messages', 'session', 'memory', 'layout', 'machine', 'phrases'],
	recording: ['dashboard', 'terminal', 'session', 'scenario', 'machine', 'phrases'],
	oracle: ['session', 'memory', 'layout', 'machine', 'phrases'],
};

/** Folders that run anywhere: no Node, no screen. */
const PURE = ['phrases', 'machine', 'layout', 'memory', 'messages'];

const importsOf = (folder: string): string[] =>
	readdirSync(path.join(SOURCE, folder), { recursive: true, encoding: 'utf8' })
		.filter(name => /\.tsx?$/.test(name))
		.flatMap(name => {
			const file = path.join(SOURCE, folder, name);
			const specifiers = readFileSync(file, 'utf8').matchAll(/(?:from|import) '([^']+)'|import\('([^']+)'\)/g);
			return [...specifiers].map(([, fixed, lazy]) => {
				const specifier = fixed ?? lazy ?? '';
				return specifier.startsWith('.')
					? path.relative(SOURCE, path.resolve(path.dirname(file), specifier))
					: specifier;
			});
		});

describe('imports run down the house and never up', () => {
	it.each(Object.entries(MAY_IMPORT))('%s', (folder, lower) => {
		const roots = importsOf(folder)
			.filter(name => /\.tsx?$/.test(name))
			.map(name => name.split(path.sep)[0] ?? '');
		expect(roots.filter(root => root !== folder && !lower.includes(root))).toEqual([]);
	});

	it.each(PURE)('%s runs without Node and without a screen', folder => {
		expect(importsOf(folder).filter(name => /^(node:|react|ink)/.test(name))).toEqual([]);
	});
});
