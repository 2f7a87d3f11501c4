import type { Context } from './keys.ts';
import { RowBuilder } from './painting/row-builder.ts';
import { displayWidth } from './painting/text.ts';
import { contextOf } from './state.ts';
import type { DashboardStore } from './store.ts';

type Hint = readonly [keys: string, words: string];

/** The keys that matter now, most important first; those that do not fit are left out whole. */
export const hints = (store: DashboardStore): readonly Hint[] => {
	const words = store.messages.hints;
	const table: Readonly<Record<Context, readonly Hint[]>> = {
		panel: [
			...(store.scenario
				? ([
						['Space', words.next],
						['Bksp', words.back],
					] as const)
				: []),
			['?', words.help],
			[':', words.command],
			['0-9', words.panels],
			['Enter', words.detail],
			['m', words.machines],
			['e', words.edit],
			['u', words.undo],
			['/', words.search],
			['q', words.quit],
			['[ ]', words.step],
			['hjkl', words.move],
		],
		command: [
			['Enter', words.run],
			['Tab', words.complete],
			['Up', words.history],
			['^R', words.find],
			['Esc', words.leave],
		],
		history: [
			['Enter', words.run],
			['^R', words.next],
			['Esc', words.leave],
		],
		search: [
			['Enter', words.find],
			['Esc', words.leave],
		],
		overlay: [
			['Esc', words.close],
			['j k', words.scroll],
			['Space', words.page],
			['/', words.search],
			[':', words.command],
		],
		picker: [
			['Enter', words.choose],
			['j k', words.move],
			['PgDn', words.page],
			['Esc', words.close],
		],
		editor: [
			['Enter', words.start],
			['Esc', words.leave],
			['Up Down', words.field],
			['Left Right', words.choose],
			['^U', words.clear],
			['PgDn', words.scroll],
		],
	};
	return table[contextOf(store.getState())];
};

export const hintRow = (store: DashboardStore, width: number): string => {
	const row = new RowBuilder(store.theme, width).add(' ');
	for (const [keys, words] of hints(store)) {
		if (displayWidth(`${keys} ${words}  `) > row.room) break;
		row.add(keys, 'key').add(` ${words}  `);
	}
	return row.toString();
};
