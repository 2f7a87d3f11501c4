import { setFlagsFromString } from 'node:v8';

/** The newest Node on which the flags were tried. V8 tells on the terminal of a flag that it does not know. */
const NEWEST_TRIED = 24;

/**
 * What halves the memory of a dashboard. Every frame leaves some megabytes of strings behind, for which V8 would make its
 * new space 64 MiB large; and the C parser would be compiled a second time, optimised, which takes 50 MiB at once.
 */
export const FOOTPRINT_FLAGS = [
	'--optimize-for-size',
	'--semi-space-growth-factor=1',
	'--wasm-tiering-budget=2000000000',
] as const;

/** Let V8 prefer little memory to speed. To be called before C is first parsed. */
export const preferSmallFootprint = (): void => {
	if (Number.parseInt(process.versions.node, 10) > NEWEST_TRIED) return;
	for (const flag of FOOTPRINT_FLAGS) setFlagsFromString(flag);
};
