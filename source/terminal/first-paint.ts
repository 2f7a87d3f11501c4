import type { ScreenSize } from './screen-diff.ts';
import type { TerminalSession } from './terminal-session.ts';

/** What `firstPaint` left on the screen, so that the first frame of Ink sends only what differs. */
export interface FirstPaint {
	readonly size: ScreenSize;
	readonly rows: readonly string[];
}

// Characters of one column that need no Unicode tables, which take longer to load than all the rest of the first paint.
const unpaintable = /[^ -~\u00b7\u2190-\u2193\u2500-\u25fc]/;

/**
 * Takes the terminal over and shows plain text before Ink is even loaded. A row ends where a character comes that this
 * cannot place, and at the screen's border.
 */
export const firstPaint = (session: TerminalSession, text: readonly string[]): FirstPaint => {
	session.enter();
	const size = session.size;
	const rows = text.slice(0, size.rows).map(row => {
		const end = row.search(unpaintable);
		return row.slice(0, end === -1 ? size.columns : Math.min(end, size.columns)).trimEnd();
	});
	// Not every terminal has an alternate screen that begins empty.
	const painted = rows.map(row => (row.length < size.columns ? `${row}\x1b[K` : row)).join('\r\n');
	session.write(`\x1b[H${painted}${rows.length < size.rows ? '\r\n\x1b[J' : ''}`);
	return { size, rows };
};
