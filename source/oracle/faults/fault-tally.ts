import { exceptionFor, UNDETERMINED } from './exceptions.ts';
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

	count({ recording, run, lines, isSameVerdict }: FaultResult): void {
		this.cases++;
		if (!run || !lines) return;
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
