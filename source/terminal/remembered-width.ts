import stringWidth, { type Options } from 'string-width';
import { Remembered } from './remembered.ts';

const widths = new Remembered<number>(text => stringWidth(text));

/** What Ink gets instead of `string-width` when the program is bundled: it measures every text of every frame. */
const rememberedWidth = (text: string, options?: Options): number =>
	options === undefined ? widths.get(text) : stringWidth(text, options);

export default rememberedWidth;
