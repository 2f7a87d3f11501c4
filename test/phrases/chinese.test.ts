import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { en } from '../../source/messages/en.ts';
import { explainEn } from '../../source/messages/explain-en.ts';
import { explainZh } from '../../source/messages/explain-zh.ts';
import { zh } from '../../source/messages/zh.ts';
import { CHINESE } from '../../source/phrases/zh/index.ts';

const ROOT = join(import.meta.dirname, '../../source');

const filesOf = (folder: string): string[] =>
	readdirSync(folder, { withFileTypes: true }).flatMap(entry =>
		entry.isDirectory()
			? filesOf(join(folder, entry.name))
			: /\.tsx?$/.test(entry.name)
				? [join(folder, entry.name)]
				: [],
	);

const placeholders = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).sort();

/** English and Chinese of everything that is said; a function is called with its parameters' places as marks. */
const pairs = (english: unknown, chinese: unknown, path: string): (readonly [string, string, string])[] => {
	if (typeof english === 'string' && typeof chinese === 'string') return [[path, english, chinese]];
	if (typeof english === 'function' || english === null || english === undefined) return [];
	if (typeof english !== 'object' || typeof chinese !== 'object') return [];
	return Object.entries(english).flatMap(([key, value]) =>
		pairs(value, (chinese as Record<string, unknown> | null)?.[key], `${path}.${key}`),
	);
};

const ALL = [
	...Object.entries(CHINESE).map(([english, chinese]) => ['phrase', english, chinese] as const),
	...pairs(en, zh, 'messages'),
	...pairs(explainEn, explainZh, 'explain'),
];

const HAN = '\\p{Script=Han}';

describe('a Chinese sentence', () => {
	it.each(Object.entries(CHINESE))('%s: has the values of the English one', (english, chinese) => {
		expect(placeholders(chinese)).toEqual(placeholders(english));
	});

	it('has a space between Chinese and Latin characters', () => {
		const close = new RegExp(`${HAN}[A-Za-z0-9]|[A-Za-z0-9]${HAN}`, 'u');
		expect(ALL.filter(([, , chinese]) => close.test(chinese)).map(([, , chinese]) => chinese)).toEqual([]);
	});

	it('has Chinese punctuation', () => {
		const narrow = new RegExp(`${HAN}[,;:?!]|[,;?!]${HAN}|${HAN}\\(|\\)${HAN}`, 'u');
		expect(ALL.filter(([, , chinese]) => narrow.test(chinese)).map(([, , chinese]) => chinese)).toEqual([]);
	});

	it('has no space beside Chinese punctuation', () => {
		const spaced = / [，。；：？！（）、]|[，。；：？！、] /u;
		expect(ALL.filter(([, , chinese]) => spaced.test(chinese)).map(([, , chinese]) => chinese)).toEqual([]);
	});
});

/** One English term, one Chinese term. */
const GLOSSARY: readonly (readonly [RegExp, RegExp])[] = [
	[/\blowmem\b(?! {2})/, /低端内存/],
	[/\bhighmem\b(?= (?:pages?|address))/i, /高端内存/],
	[/\bpage frames?\b/, /页框/],
	[/\bguard page\b/, /保护页/],
	[/\bboot log\b/, /启动日志/],
	[/\bcommand line\b/, /命令行/],
	[/\bspinlock\b/, /自旋锁/],
	[/\bsoftirqs?\b/, /软中断/],
	[/\bhard interrupts?\b/, /硬中断/],
	[/\bwatermarks?\b/, /水位/],
	[/\bfree lists?\b/, /空闲链表/],
	[/\bscenarios?\b/, /场景/],
	[/\bslots?\b/, /槽位/],
	[/\bsplits?\b(?! it)/, /划分/],
	[/\bstale\b/, /残留/],
	[/\bholes?\b/, /空洞/],
	[/\bpage tables?\b/, /页表/],
];

describe.each(GLOSSARY)('%s', (term, word) => {
	it('is always said with the same word', () => {
		const other = ALL.filter(
			([, english, chinese]) => term.test(english.replace(/\{\w+\}|--\w+/g, '')) && !word.test(chinese),
		);
		expect(other).toEqual([]);
	});
});

it('every phrase is said somewhere, and stands in one catalogue alone', () => {
	const catalogues = filesOf(join(ROOT, 'phrases/zh'));
	const keys = catalogues.flatMap(file =>
		[...readFileSync(file, 'utf8').matchAll(/^\t(?:'((?:[^'\\]|\\.)*)'|"([^"]*)"|(\w+)): ?/gm)].map(
			([, single, double, bare]) => single?.replace(/\\(.)/g, '$1') ?? double ?? bare ?? '',
		),
	);
	expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
	const rest = filesOf(ROOT)
		.filter(file => !catalogues.includes(file))
		.map(file => readFileSync(file, 'utf8').replaceAll("\\'", "'").replaceAll('\\\\', '\\'))
		.join('\n');
	// `undo ...` is put together from the name of what is undone.
	const isSaid = (key: string): boolean => key.startsWith('undo ') || rest.includes(key);
	expect(Object.keys(CHINESE).filter(key => !isSaid(key))).toEqual([]);
});
