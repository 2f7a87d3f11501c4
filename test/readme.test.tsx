import { readFileSync } from 'node:fs';
import { cleanup } from 'ink-testing-library';
import { afterEach, describe, expect, it } from 'vitest';
import { findMachine } from '../source/machine/machines.ts';
import { EXPLORER_WORDS } from '../source/session/explorer-words.ts';
import { Session } from '../source/session/session.ts';
import { renderDashboard } from './dashboard/render-dashboard.tsx';
import { highmem } from './helpers/fake-io.ts';

afterEach(cleanup);

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

/** Text of the fenced blocks of that kind. */
const blocks = (kind: string): readonly string[] =>
	[...readme.matchAll(new RegExp(`^\`\`\`${kind}\\n([^]*?)^\`\`\`$`, 'gm'))].map(([, text = '']) => text);

const frameWith = (text: string): readonly string[] =>
	(blocks('').find(block => block.includes(text)) ?? '').trimEnd().split('\n');

describe('what the README shows', () => {
	it.each(blocks('console'))('is what the command prints: %s', async block => {
		const [command = '', ...lines] = block.split('\n');
		const { out } = await highmem(command.replace(/^\$ highmem /, '').split(' '));
		expect(lines.join('\n')).toBe(out);
	});

	it('is the dashboard after the first three steps', async () => {
		const session = await Session.open({ machine: findMachine('imx6q-2g') });
		const dashboard = renderDashboard({ session });
		await dashboard.press(
			':',
			'page = alloc_page(GFP_HIGHUSER)',
			'Enter',
			'kmap(page)',
			'Enter',
			'kmap(page)',
			'Enter',
		);
		const frame = frameWith('2 pkmap');
		expect(
			dashboard
				.rows()
				.slice(0, frame.length)
				.map(row => row.trimEnd()),
		).toEqual(frame);
	});

	it('is the machine editor with vmalloc= typed into it', async () => {
		const session = await Session.open({ machine: findMachine('imx6q-1g') });
		const dashboard = renderDashboard({ session });
		await dashboard.press('e', 'Down', 'Down', '512M');
		const frame = frameWith('Change the machine');
		expect(dashboard.rows().slice(1, frame.length)).toEqual(frame.slice(0, -1));
	});

	it('names every word of the explorer', () => {
		for (const { name } of EXPLORER_WORDS) expect(readme).toMatch(new RegExp(`\`${name}\\b`));
	});
});
