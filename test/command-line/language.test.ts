import { describe, expect, it } from 'vitest';
import { chosenLanguage, languageOfMistakes } from '../../source/command-line/language.ts';
import { hasUnicode } from '../../source/terminal/unicode.ts';
import { highmem } from '../helpers/fake-io.ts';

describe('the language', () => {
	it.each([
		[{ LANG: 'zh_CN.UTF-8' }, 'zh'],
		[{ LANG: 'zh_SG.utf8' }, 'zh'],
		[{ LANG: 'zh.UTF-8' }, 'zh'],
		[{ LC_ALL: 'zh_CN.UTF-8', LANG: 'de_DE.UTF-8' }, 'zh'],
		[{ LC_MESSAGES: 'zh_CN.UTF-8', LANG: 'C.UTF-8' }, 'zh'],
		// LC_ALL goes before everything else.
		[{ LC_ALL: 'C', LANG: 'zh_CN.UTF-8' }, 'en'],
		[{ LC_ALL: '', LC_MESSAGES: 'en_US.UTF-8', LANG: 'zh_CN.UTF-8' }, 'en'],
		// The words are in simplified characters.
		[{ LANG: 'zh_TW.UTF-8' }, 'en'],
		[{ LANG: 'zh_HK.UTF-8' }, 'en'],
		// What is written is UTF-8.
		[{ LANG: 'zh_CN.GB18030' }, 'en'],
		[{ LANG: 'zh_CN' }, 'en'],
		[{ LANG: 'C' }, 'en'],
		[{}, 'en'],
	] as const)('of %j is %s', (environment, language) => {
		expect(chosenLanguage({}, environment)).toBe(language);
	});

	it('is that of --lang, whatever the locale says', () => {
		expect(chosenLanguage({ lang: 'zh' }, { LANG: 'C' })).toBe('zh');
		expect(chosenLanguage({ lang: 'en' }, { LANG: 'zh_CN.UTF-8' })).toBe('en');
	});

	it('of a mistake in the command line is that of --lang where it can be read', () => {
		const locale = { LANG: 'zh_CN.UTF-8' };
		expect(languageOfMistakes(['layout', '--rom', '--lang=en'], locale)).toBe('en');
		expect(languageOfMistakes(['--lang', 'zh', '--rom'], {})).toBe('zh');
		expect(languageOfMistakes(['--lang', 'xx'], locale)).toBe('zh');
		expect(languageOfMistakes(['--lang'], {})).toBe('en');
	});
});

it.each(['C', 'POSIX', 'zh_CN.GBK'])('draws with ASCII under LANG=%s', locale => {
	expect(hasUnicode({ LANG: locale })).toBe(false);
});

describe('what is said', () => {
	it.each([
		[['layout', '--rma', '1G'], 'highmem: --rma: 没有这个选项（是否想用 --ram？）\n'],
		[['layout', '--ram', 'much'], 'highmem: --ram: “much”不是大小（例如 512M 或 2G）\n'],
		[['machnes'], 'highmem: machnes: 既不是模式也不是文件（是否想用 machines？）\n'],
		[['run', 'gone.c'], 'highmem: gone.c: 无法读取：文件不存在（请检查路径）\n'],
		[['explain', 'hign_memory'], 'highmem: hign_memory: 不是此内核的地址、行或符号（是否想用 high_memory？）\n'],
	])('in Chinese to %j', async (words, line) => {
		expect(await highmem([...words, '--lang', 'zh'])).toMatchObject({ status: 2, out: '', err: line });
	});

	it('of C that does not compile is Chinese too', async () => {
		const file = { 'bad.c': 'static int __init start(void)\n{\n\treturn kunmap(1, 2);\n}\nmodule_init(start);\n' };
		const { err, status } = await highmem(['run', 'bad.c', '--lang', 'zh'], file);
		expect(err).toBe('highmem: bad.c:3:9: kunmap 需要 1 个参数，而不是 2 个（void kunmap(struct page *page)）\n');
		expect(status).toBe(2);
	});

	it('of another language than there are is one line', async () => {
		const { err, status } = await highmem(['layout', '--lang', 'xx']);
		expect(err).toBe('highmem: --lang: "xx" is not a language of highmem (en or zh)\n');
		expect(status).toBe(2);
	});

	it('beside a table is a note; the table itself is the kernel’s', async () => {
		const english = await highmem(['layout', '--machine', 'imx6q-2g']);
		const chinese = await highmem(['layout', '--machine', 'imx6q-2g', '--lang', 'zh']);
		expect(chinese.err).toBe('提示：内核 5.5.0 已不再打印此表；按 5.0 的格式显示\n');
		expect(chinese.out).toBe(english.out);
	});
});

it.each([
	['layout'],
	['machines'],
	['explain', 'high_memory'],
	['explain', 'FIX_KMAP_BEGIN'],
	['explain', '0xbfe03000'],
	['compare', 'imx6q-1g', 'imx6q-2g'],
])('%s %s gives programs the same in every language', async (...words) => {
	const english = await highmem([...words, '--json']);
	expect((await highmem([...words, '--json', '--lang', 'zh'])).out).toBe(english.out);
	expect(english.status).toBe(0);
});

describe('help', () => {
	it.each(['en', 'zh'])('in %s names every flag once, within 80 columns', async lang => {
		const { out } = await highmem(['--help', '--lang', lang]);
		const { FLAGS } = await import('../../source/command-line/flags.ts');
		const { displayWidth } = await import('../../source/dashboard/painting/text.ts');
		for (const key of Object.keys(FLAGS)) {
			const name = key.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
			expect(out).toMatch(new RegExp(`^  (?:-., )?--(?:no-)?${name}\\b`, 'm'));
		}
		for (const line of out.split('\n'))
			if (!/^ {2}highmem /.test(line)) expect(displayWidth(line)).toBeLessThanOrEqual(80);
	});

	it.each(['layout', 'explain', 'compare', 'run', 'record', 'collect', 'machines'])(
		'of %s begins with its usage',
		async mode => {
			const { out, status } = await highmem([mode, '--help']);
			expect(out.split('\n')[1]).toMatch(new RegExp(`^  highmem ${mode}`));
			expect(status).toBe(0);
		},
	);
});
