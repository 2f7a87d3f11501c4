import type { Machine } from '../../machine/machine.ts';
import type { Outcome } from '../../session/outcome.ts';
import { Session } from '../../session/session.ts';
import { type FaultCase, moduleOf } from './fault-case.ts';
import type { FaultVerdict } from './fault-recording.ts';

/** What the simulated kernel did with a case. */
export interface CaseRun {
	readonly verdict: FaultVerdict;
	readonly lines: readonly string[];
	/** Why the case could not be run at all: the language lacks something. */
	readonly refusal?: string;
	/** What the explorer said beside the log. */
	readonly advices: readonly string[];
}

const PROBE = 'static int __init probe_init(void) { return 0; }\nmodule_init(probe_init);\n';

/**
 * Load the case's module on a fresh kernel, run its interrupt, and see whether another program can still start.
 * @param recorded What was recorded, for what the case must know of the state.
 */
export const runCase = async (
	machine: Machine,
	name: string,
	faultCase: FaultCase,
	recorded: readonly string[],
): Promise<CaseRun> => {
	const files: Readonly<Record<string, string>> = {
		'mmfault.c': moduleOf(name, faultCase, recorded),
		'probe.c': PROBE,
	};
	const machineOfCase: Machine = faultCase.isPanicOnOops
		? { ...machine, report: { ...machine.report, isPanicOnOops: true } }
		: machine;
	const session = await Session.open({ machine: machineOfCase, readFile: path => files[path] ?? '' });
	const { onSecondCpu } = faultCase;
	if (onSecondCpu && recorded.some(line => onSecondCpu.test(line))) session.execute('cpu 1');
	const outcomes: Outcome[] = [session.execute('insmod mmfault.c')];
	const refusal = outcomes.find(outcome => outcome.kind === 'error');
	const count = session.view.log.length;
	const verdict = verdictOf(session, outcomes);
	return {
		verdict,
		lines: session.view.log.slice(0, count).map(line => line.text),
		advices: session.view.advices.map(({ key }) => key),
		...(refusal?.kind === 'error' ? { refusal: refusal.error.line } : {}),
	};
};

const verdictOf = (session: Session, outcomes: readonly Outcome[]): FaultVerdict => {
	const faults = outcomes.filter(outcome => outcome.kind === 'fault');
	const panic = faults.find(({ isPanic }) => isPanic);
	if (panic) return panic.message.startsWith('bad: scheduling') ? 'hang' : 'panic';
	const probe = session.execute('insmod probe.c');
	if (probe.kind === 'sleeping' || (probe.kind === 'fault' && probe.message.endsWith(' spins'))) {
		const isOnlyCpu = faults.some(({ message }) => message.endsWith(' spins'));
		if (!isOnlyCpu) return 'hang';
	}
	// Each program dies before it has begun.
	if (probe.kind === 'fault' && !probe.isPanic && !probe.message.endsWith(' spins')) return 'hang';
	const isUndead = [...session.view.tasks.values()].some(
		({ comm, waitingOn }) => comm === 'insmod' && waitingOn === 'do_exit',
	);
	if (isUndead || outcomes.some(({ kind }) => kind === 'sleeping')) return 'stuck';
	const [fault] = faults;
	if (!fault) return 'goes on';
	return fault.message.endsWith(' spins') ? 'stuck' : 'killed';
};
