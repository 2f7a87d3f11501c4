import { FREEING } from './cases/freeing.ts';
import { LIMITS } from './cases/limits.ts';
import { MAPPING } from './cases/mapping.ts';
import { SLEEPING } from './cases/sleeping.ts';
import { TOUCHING } from './cases/touching.ts';
import { compareLines, type LineComparison } from './compare-lines.ts';
import type { FaultCases } from './fault-case.ts';
import { faultMachine } from './fault-machines.ts';
import type { FaultRecording } from './fault-recording.ts';
import type { LeftOut } from './left-out.ts';
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
	/** Recorded lines that were not compared, by reason. */
	readonly leftOut: ReadonlyMap<LeftOut, number>;
	readonly isSameVerdict: boolean;
}

/** Run the case of a recording on the machine of its kernel, and compare. */
export const replayFault = async (recording: FaultRecording): Promise<FaultResult> => {
	const faultCase = FAULT_CASES[recording.name];
	if (!faultCase) return { recording, leftOut: new Map(), isSameVerdict: false };
	const run = await runCase(faultMachine(recording.kernel), recording.name, faultCase, recording.lines);
	const leftOut = new Map<LeftOut, number>();
	const leave = (reason: LeftOut, count = 1) => leftOut.set(reason, (leftOut.get(reason) ?? 0) + count);
	if (recording.aftermath.length > 0) leave('aftermath', recording.aftermath.length);
	const isInterrupt = isInInterrupt(recording.name);
	const recorded = plainLines(recording.lines, { isInterrupt, leave });
	const lines = compareLines(recorded, plainLines(run.lines, { isInterrupt }));
	return { recording, run, lines, leftOut, isSameVerdict: run.verdict === recording.verdict };
};

/** Whether a case runs in an interrupt, which stops any task. */
export const isInInterrupt = (name: string): boolean => /hardirq|softirq|ipi/.test(name);
