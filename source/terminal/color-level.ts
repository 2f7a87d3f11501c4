type Environment = Readonly<Record<string, string | undefined>>;

/** 0: none, 1: the 16 ANSI colours, 2: 256 colours, 3: true colour. */
export type ColorLevel = 0 | 1 | 2 | 3;

/**
 * How many colours the terminal takes. `--no-color` goes before FORCE_COLOR, that before NO_COLOR (any value but the
 * empty one), that before COLORTERM and TERM.
 */
export const detectColorLevel = (environment: Environment, isColorWanted = true): ColorLevel => {
	if (!isColorWanted) return 0;
	const forced = forcedLevel(environment.FORCE_COLOR);
	if (forced !== undefined) return forced;
	if (environment.NO_COLOR) return 0;
	const term = environment.TERM ?? '';
	if (term === '' || term === 'dumb' || term.startsWith('vt')) return 0;
	if (/^(?:truecolor|24bit)$/i.test(environment.COLORTERM ?? '') || /direct$/.test(term)) return 3;
	return /256(?:color)?$/i.test(term) ? 2 : 1;
};

/**
 * Makes Ink's colours those of `level`. Ink decides on them once, from the environment and without regard to NO_COLOR:
 * call this before Ink is imported. At level 0 Ink must go on printing bold and inverse, so it is told 1, and
 * `ScreenDiff` leaves the colours out.
 */
export const applyColorLevel = (level: ColorLevel, environment: Record<string, string | undefined>): void => {
	environment.FORCE_COLOR = String(Math.max(1, level));
	delete environment.NO_COLOR;
};

function forcedLevel(value: string | undefined): ColorLevel | undefined {
	switch (value) {
		case undefined:
			return undefined;
		case '0':
		case 'false':
			return 0;
		case '2':
			return 2;
		case '3':
			return 3;
		default:
			return 1;
	}
}
