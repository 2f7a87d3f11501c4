export type Background = 'dark' | 'light';

/**
 * What is known of the terminal's background. Some terminals tell its colour as the last number of COLORFGBG (`0;15` is
 * black on white); of all others dark is assumed.
 */
export const detectBackground = ({ COLORFGBG = '' }: Readonly<Record<string, string | undefined>>): Background => {
	const color = /;(\d{1,2})$/.exec(COLORFGBG)?.[1];
	return color === '7' || (Number(color) >= 9 && Number(color) <= 15) ? 'light' : 'dark';
};
