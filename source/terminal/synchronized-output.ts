/**
 * Whether synchronized output (DEC private mode 2026) does no harm: a terminal that lacks it is meant to ignore it, but
 * GNU screen and the Linux console are known to show rubbish instead. tmux, which also calls itself screen, is fine.
 */
export const allowsSynchronizedOutput = ({ TERM = '', TMUX }: Readonly<Record<string, string | undefined>>): boolean =>
	!/^(?:linux|dumb|vt\d)/.test(TERM) && (!TERM.startsWith('screen') || Boolean(TMUX));
