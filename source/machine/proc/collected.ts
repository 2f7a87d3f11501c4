/** Begins every line that the script of `highmem collect` adds to what it gathers. */
export const COLLECT_MARK = '### highmem collect';

/** One file that the script gathered. */
export interface CollectedSection {
	/** `/proc/iomem`, `dmesg`. */
	readonly name: string;
	readonly text: string;
	/** Line of the whole file before its first line. */
	readonly before: number;
	/** Whether the end of the section is there. */
	readonly isWhole: boolean;
}

/** What `highmem collect` brought home. */
export interface Collected {
	readonly sections: readonly CollectedSection[];
	/** Files that were not there or could not be read, with the script's reason. */
	readonly missing: readonly { readonly name: string; readonly reason: string; readonly line: number }[];
	/** Whether the last line is there that says so. */
	readonly isComplete: boolean;
	/** Where it stops, when it is not complete. */
	readonly lastLine: number;
}

const MARK = new RegExp(`^[>| ]{0,16}${COLLECT_MARK}(?: \\d{1,3})?: (begin|end|missing|complete) ?(.{0,200})$`);

/** Take the script's output apart; undefined when the text is something else. */
export const collectedSections = (text: string): Collected | undefined => {
	if (!text.includes(`${COLLECT_MARK}`)) return undefined;
	const sections: CollectedSection[] = [];
	const missing: { name: string; reason: string; line: number }[] = [];
	let isComplete = false;
	let open: { name: string; before: number; lines: string[] } | undefined;
	let found = 0;
	const close = (isWhole: boolean): void => {
		if (!open) return;
		sections.push({ name: open.name, text: open.lines.join('\n'), before: open.before, isWhole });
		open = undefined;
	};
	const lines = text.split('\n');
	for (const [index, raw] of lines.entries()) {
		const match = MARK.exec(raw.replace(/\r/g, ''));
		if (!match) {
			open?.lines.push(raw);
			continue;
		}
		found++;
		const [, kind, rest = ''] = match;
		close(kind === 'end');
		const [name = '', ...words] = rest.trim().split(' ');
		if (kind === 'begin') open = { name, before: index + 1, lines: [] };
		if (kind === 'missing') missing.push({ name, reason: words.join(' '), line: index + 1 });
		if (kind === 'complete') isComplete = true;
	}
	close(false);
	return found === 0 ? undefined : { sections, missing, isComplete, lastLine: lines.length };
};
