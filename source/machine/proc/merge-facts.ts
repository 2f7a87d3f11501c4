import type { Text } from '../../phrases/phrase.ts';
import { MiB } from '../address.ts';
import type { Found, LogFacts } from '../boot-log/log-facts.ts';
import { printable } from '../user-error.ts';

/** A fact that two sources state differently. */
export interface Conflict {
	readonly what: Text;
	readonly taken: Found<string>;
	readonly other: Found<string>;
}

const isMissing = (value: unknown): boolean =>
	value === undefined || (Array.isArray(value) && value.length === 0) || (value instanceof Map && value.size === 0);

/** Every fact of `first`, and those that only `second` has. */
export const mergeFacts = (first: LogFacts, second: LogFacts): LogFacts => {
	const merged: Record<string, unknown> = { ...second };
	for (const [key, value] of Object.entries(first)) if (!isMissing(value)) merged[key] = value;
	const signs = { arm: first.signs.arm + second.signs.arm, x86: first.signs.x86 + second.signs.x86 };
	const wide = first.wide ?? second.wide;
	// All keys come from two whole records.
	return { ...(merged as unknown as LogFacts), signs, ...(wide ? { wide } : {}) };
};

/** Bytes of RAM that a map or a list of banks has. */
const ramOf = ({ e820, userMap, nodeRanges }: LogFacts): Found<number> | undefined => {
	const map = userMap.length > 0 ? userMap : e820;
	const ranges = map.length > 0 ? map.filter(({ value }) => value.isUsable) : nodeRanges;
	const [first] = ranges;
	if (!first) return undefined;
	return { value: ranges.reduce((sum, { value }) => sum + value.end - value.start, 0), line: first.line };
};

/** Firmware keeps such amounts for itself at one time and not at another. */
const RAM_SLACK = 2 * MiB;
/** Pages that are counted or not. */
const HIGHMEM_SLACK_KB = 32 * 1024;

/** What two sources state of one machine and cannot both be true of. @param first The one that is believed. */
export const conflictsOf = (first: LogFacts, second: LogFacts): Conflict[] => {
	const conflicts: Conflict[] = [];
	const compare = <Value>(
		what: Text,
		a: Found<Value> | undefined,
		b: Found<Value> | undefined,
		text: (value: Value) => string,
		isSame = (x: Value, y: Value): boolean => x === y,
	): void => {
		if (!a || !b || isSame(a.value, b.value)) return;
		const [taken, other] = [a, b].map(({ value, line }) => ({ value: printable(text(value)).slice(0, 80), line }));
		if (taken && other) conflicts.push({ what, taken, other });
	};
	const mega = (bytes: number): string => `${Math.round(bytes / MiB)} MB`;
	compare('kernel', first.kernel, second.kernel, value => value);
	compare(
		'command line',
		first.commandLine,
		second.commandLine,
		value => `"${value}"`,
		(a, b) => a.trim() === b.trim(),
	);
	compare('CPUs', first.cpusOnline, second.cpusOnline, String);
	compare('RAM', ramOf(first), ramOf(second), mega, (a, b) => Math.abs(a - b) <= RAM_SLACK);
	const highmem = ({ memory }: LogFacts): Found<number> | undefined =>
		memory?.value.isGeneric ? { value: memory.value.highmemKb ?? 0, line: memory.line } : undefined;
	compare(
		'highmem',
		highmem(first),
		highmem(second),
		kb => `${kb} kB`,
		(a, b) => Math.abs(a - b) <= HIGHMEM_SLACK_KB,
	);
	return conflicts;
};
