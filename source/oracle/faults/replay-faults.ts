import { FREEING } from './cases/freeing.ts';
import { LIMITS } from './cases/limits.ts';
import { MAPPING } from './cases/mapping.ts';
import { SLEEPING } from './cases/sleeping.ts';
import { TOUCHING } from './cases/touching.ts';
import { compareLines, type LineComparison } from './compare-lines.ts';
import type { FaultCases } from './fault-case.ts';
import { faultMachine } from './fault-machines.ts';
import type { FaultRecording } from './fault-recording.ts';
import { plainLines } from './plain-lines.ts';
import { type CaseRun, runCase } from './run-case.ts';

/** Every case that the engine can reach. */
export const FAULT_CASES: FaultCases = { ...TOUCHING, ...MAPPING, ...SLEEPING, ...FREEING, ...LIMITS };

/** What came of one recording. */
export interface FaultResult {
	readonly recording: FaultRecording;
	/** Absent when the engine cannot reach the case. */
	readonly run?: CaseRun;
	readonly lines?: LineComparison;
	readonly isSameVerdict: boolean;
}

/** Run the case of a recording on the machine of its kernel, and compare. */
export const replayFault = async (recording: FaultRecording): Promise<FaultResult> => {
	const faultCase = FAULT_CASES[recording.name];
	if (!faultCase) return { recording, isSameVerdict: false };
	const run = await runCase(faultMachine(recording.kernel), recording.name, faultCase);
	const lines = compareLines(plainLines(recording.lines), plainLines(run.lines));
	return { recording, run, lines, isSameVerdict: run.verdict === recording.verdict };
};
