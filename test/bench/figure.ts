/** One measured figure beside its budget. Ratios compare two things measured in the same run on the same machine. */
export interface Figure {
	readonly what: string;
	readonly value: string;
	readonly budget: string;
	readonly isMet: boolean;
}

/** Operations a second, the best of `rounds`: the one least disturbed by the machine. */
export const bestRate = (operations: number, rounds: number, run: () => void): number => {
	let best = Number.POSITIVE_INFINITY;
	for (let round = 0; round < rounds; round++) {
		const start = process.hrtime.bigint();
		run();
		best = Math.min(best, Number(process.hrtime.bigint() - start));
	}
	return (operations * 1e9) / best;
};

export const median = (values: readonly number[]): number => {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

export const millions = (rate: number): string => `${(rate / 1e6).toFixed(1)} M/s`;
