import { PassThrough } from 'node:stream';

/** A keyboard for Ink on which nobody types; whoever writes into it does. */
export class SilentKeyboard extends PassThrough {
	readonly isTTY = true;
	isRaw = false;

	setRawMode(isRaw: boolean): this {
		this.isRaw = isRaw;
		return this;
	}

	ref(): this {
		return this;
	}

	unref(): this {
		return this;
	}

	/** For Ink, which asks no more of a keyboard than this. */
	get stream(): NodeJS.ReadStream {
		return this as unknown as NodeJS.ReadStream;
	}
}
