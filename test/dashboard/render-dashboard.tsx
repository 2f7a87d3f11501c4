import { render } from 'ink-testing-library';
import { createDashboard, type DashboardOptions } from '../../source/dashboard/create-dashboard.tsx';
import { staticSession } from './static-session.ts';

const KEYS: Readonly<Record<string, string>> = {
	Enter: '\r',
	Escape: '\u001b',
	Tab: '\t',
	Up: '\u001b[A',
	Down: '\u001b[B',
	Right: '\u001b[C',
	Left: '\u001b[D',
	PageDown: '\u001b[6~',
	PageUp: '\u001b[5~',
	Backspace: '\u007f',
	Space: ' ',
	'Ctrl-R': '\u0012',
	'Ctrl-C': '\u0003',
};

const TURNS = 10;

/** A dashboard rendered by Ink, with keys to press and rows to look at. */
export const renderDashboard = (options: Partial<DashboardOptions> = {}) => {
	const created = createDashboard({
		session: options.session ?? staticSession(),
		openMachine: async machine => staticSession({ machine }),
		theme: { colorLevel: 0 },
		...options,
	});
	const { stdin, lastFrame, unmount } = render(created.element);
	const settle = async (key = '') => {
		// An escape alone is known as such only after a while.
		await new Promise(resolve => setTimeout(resolve, key === 'Escape' ? 30 : 1));
		// What a key begins takes some turns of the event loop to reach the screen, on a busy machine as on an idle one.
		for (let turn = 0; turn < TURNS; turn++) await new Promise(resolve => setImmediate(resolve));
	};
	return {
		...created,
		unmount,
		session: () => created.store.session,
		/** Press keys one after the other: a name of `KEYS`, or text that is typed. */
		press: async (...keys: readonly string[]) => {
			await settle();
			for (const key of keys) {
				stdin.write(KEYS[key] ?? key);
				await settle(key);
			}
		},
		paste: async (text: string) => {
			await settle();
			stdin.write(`\u001b[200~${text}\u001b[201~`);
			await settle();
		},
		/** The screen without styles; Ink drops spaces at the end of rows. */
		rows: (): readonly string[] => plain(lastFrame() ?? '').split('\n'),
		styledRows: (): readonly string[] => (lastFrame() ?? '').split('\n'),
		screen: (): string => plain(lastFrame() ?? ''),
	};
};

export const plain = (text: string): string => text.replace(/\u001b\[[0-9;]*m/g, '');
