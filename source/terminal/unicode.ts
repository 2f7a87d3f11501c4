/**
 * Whether the terminal's locale says UTF-8 (LC_ALL goes before LC_CTYPE, that before LANG). Without it boxes, blocks
 * and Chinese characters would come out as rubbish, and ASCII is drawn.
 */
export const hasUnicode = (
	environment: Readonly<Record<string, string | undefined>>,
	isAsciiWanted = false,
): boolean => {
	if (isAsciiWanted) return false;
	const locale = environment.LC_ALL || environment.LC_CTYPE || environment.LANG || '';
	return /(?:^|\.)utf-?8(?:@|$)/i.test(locale);
};
