import { exceptionFor, UNDETERMINED } from './exceptions.ts';
import { LEFT_OUT_REASONS, type LeftOut } from './left-out.ts';
import type { FaultResult } from './replay-faults.ts';

const percent = (part: number, whole: number): string => (whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`);

/** What came of many recordings. */
export class FaultTally {
	cases = 0;
	/** Cases that the engine runs. */
	covered = 0;
	sameVerdict = 0;
	/** Cases in which the kernel's first lines agree. */
	sameBeginning = 0;
	compared = 0;
	equal = 0;
	/** Other verdicts for which there is no reason by name. */
	unexplained = 0;
	/** Recorded lines that were not compared, by reason. */
	readonly leftOut = new Map<LeftOut, number>();

	count({ recording, run, lines, leftOut, isSameVerdict }: FaultResult): void {
		this.cases++;
		if (!run || !lines) return;
		this.#leave(leftOut);
		this.covered++;
		this.compared += lines.compared;
		this.equal += lines.equal;
		if (lines.isSameBeginning) this.sameBeginning++;
		if (isSameVerdict) this.sameVerdict++;
		else if (!exceptionFor(UNDETERMINED, recording.kernel, recording.name)) this.unexplained++;
	}

	add(other: FaultTally): void {
		this.cases += other.cases;
		this.covered += other.covered;
		this.sameVerdict += other.sameVerdict;
		this.sameBeginning += other.sameBeginning;
		this.compared += other.compared;
		this.equal += other.equal;
		this.unexplained += other.unexplained;
		this.#leave(other.leftOut);
	}

	#leave(lines: ReadonlyMap<LeftOut, number>): void {
		for (const [reason, count] of lines) this.leftOut.set(reason, (this.leftOut.get(reason) ?? 0) + count);
	}

	/** One line for each reason for which recorded lines were not compared. */
	get leftOutLines(): readonly string[] {
		return [...this.leftOut]
			.sort((left, right) => right[1] - left[1])
			.map(([name, count]) => `left out, ${count} lines: ${LEFT_OUT_REASONS[name]}`);
	}

	get text(): string {
		const { cases, covered, sameVerdict, sameBeginning, compared, equal, unexplained } = this;
		return (
			`${cases} cases, ${covered} covered (${percent(covered, cases)}), ` +
			`${sameVerdict} same verdict (${percent(sameVerdict, covered)}), ` +
			`${sameBeginning} same first lines (${percent(sameBeginning, covered)}), ` +
			`${compared} lines compared, ${equal} equal (${percent(equal, compared)}), ${unexplained} unexplained`
		);
	}
}
