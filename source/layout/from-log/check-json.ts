import { hex } from '../../machine/address.ts';
import { english } from '../../phrases/phrase.ts';
import type { RowCheck, RowVerdict } from './check-log.ts';

/** A row as a boot log has it; addresses as text, absent where the kernel hides them. */
export interface PrintedJson {
	readonly name: string;
	readonly start?: string;
	readonly end?: string;
	/** As printed: `240 MB`. */
	readonly size?: string;
	readonly line: number;
}

/** One row of the comparison. */
export interface CheckJson {
	readonly name: string;
	readonly verdict: RowVerdict;
	readonly computed?: { readonly start: string; readonly end: string };
	readonly printed?: { readonly start?: string; readonly end?: string };
	/** Printed less computed, in bytes. */
	readonly startBy?: number;
	readonly endBy?: number;
	readonly cause?: string;
}

const addresses = ({
	start,
	end,
}: {
	readonly start?: number;
	readonly end?: number;
}): { start?: string; end?: string } => ({
	...(start === undefined ? {} : { start: hex(start) }),
	...(end === undefined ? {} : { end: hex(end) }),
});

export const printedJson = (checks: readonly RowCheck[]): PrintedJson[] =>
	checks.flatMap(({ printed }) =>
		printed
			? [
					{
						name: printed.name,
						...addresses(printed),
						...(printed.size === undefined ? {} : { size: printed.size }),
						line: printed.line,
					},
				]
			: [],
	);

export const checkJson = ({ computed, printed, cause, ...check }: RowCheck): CheckJson => ({
	...check,
	...(computed ? { computed: { start: hex(computed.start), end: hex(computed.end) } } : {}),
	...(printed ? { printed: addresses(printed) } : {}),
	...(cause === undefined ? {} : { cause: english(cause) }),
});
