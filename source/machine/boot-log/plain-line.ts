const ESCAPES = /\u001b(?:\[[0-9;?]{0,32}[ -/]{0,4}[@-~]|\][^\u0007\u001b]{0,256}(?:\u0007|\u001b\\)?|.)/g;
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
const QUOTE = /^(?:[>|] ?){1,8}/;

/** The kernel's command line is the longest thing that matters. */
export const MAX_LINE = 8192;

/** A line without colours, control characters, a mail's quoting and blanks in front of it; cut at `MAX_LINE`. */
export const plainLine = (raw: string): string =>
	raw
		.slice(0, MAX_LINE)
		.replace(ESCAPES, '')
		.replace(/[\t\u00a0]/g, ' ')
		.replace(CONTROLS, '')
		.trimStart()
		.replace(QUOTE, '')
		.trimStart();
