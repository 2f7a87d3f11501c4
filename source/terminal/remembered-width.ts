import stringWidth, { type Options } from 'string-width';
import { Remembered } from './remembered.ts';
import { isSimple } from './simple-text.ts';

const sgr = /\x1b\[[\d;]*m/g;

const widths = new Remembered<number>(text => {
	const shown = text.replaceAll(sgr, '');
	return isSimple.test(shown) ? shown.length : stringWidth(text);
});

/** What everyone gets instead of `string-width` when the program is bundled: Ink measures every text of every frame. */
const rememberedWidth = (text: string, options?: Options): number =>
	options === undefined ? widths.get(text) : stringWidth(text, options);

export default rememberedWidth;
