/** How a case ended. */
export type FaultVerdict =
	/** The call came back and the module was loaded. */
	| 'goes on'
	/** The task was killed; the rest went on. */
	| 'killed'
	/** The task sleeps or spins for ever; the rest went on. */
	| 'stuck'
	/** The kernel stopped itself. */
	| 'panic'
	/** Nothing goes on, with or without endless output. */
	| 'hang'
	/** The processor was reset. */
	| 'reset';

/** One misuse, as a real kernel took it. */
export interface FaultRecording {
	readonly kernel: string;
	readonly name: string;
	readonly verdict: FaultVerdict;
	/** What the console showed, without time stamps and without the recording rig's own lines. */
	readonly lines: readonly string[];
	/** What other programs ran into once the module's call was over, in the same form. */
	readonly aftermath: readonly string[];
}

const STAMP = /^\[ *\d+\.\d+\] ?/;

/** @param text A whole recording: kernel lines with time stamps, lines of the rig with @@. */
export const readFaultRecording = (kernel: string, name: string, text: string): FaultRecording => {
	const all = text.split('\n').map(line => line.replace(STAMP, ''));
	const end = endOfCase(all);
	const printed = (lines: readonly string[]) => lines.filter(line => !line.startsWith('@@') && line !== '');
	return {
		kernel,
		name,
		verdict: verdictOf(all, end < all.length),
		lines: printed(all.slice(0, end)),
		aftermath: printed(all.slice(end)),
	};
};

/** A report of the kernel begins. */
const HEAD = /^(?:BUG: |={77}$|list_\w+ corruption|8<--- cut|-{12}\[ cut|Unable to handle|Unhandled |Internal error)/;
/** The module's call is over: it came back, or its task was killed. */
const OVER = /^(?:MMF case \w+ returned|@@RC |@@END_STILL)/;
const KILLING = /^(?:Oops: |invalid opcode|Internal error)/;
const END = /^---\[ end trace/;
const REPORTER = /^CPU: .* Comm: (\S+)/;

/** Index of the first line of a report by another program after the module's call was over, else behind the last line. */
const endOfCase = (lines: readonly string[]): number => {
	let isOver = false;
	let isKilling = false;
	let head: number | undefined;
	for (const [at, line] of lines.entries()) {
		// What follows tells of the CPUs that a panic stops.
		if (line.startsWith('Kernel panic')) break;
		const reporter = REPORTER.exec(line)?.[1];
		if (isOver && head !== undefined && reporter !== undefined && !OWN_TASKS.has(reporter)) return head;
		if (reporter !== undefined && OWN_TASKS.has(reporter)) head = undefined;
		if (OVER.test(line)) isOver = true;
		if (KILLING.test(line)) isKilling = true;
		if (HEAD.test(line)) head ??= at;
		else if (END.test(line)) {
			head = undefined;
			isOver ||= isKilling;
		}
	}
	return lines.length;
};

/** The task that loads the module, and the thread that two of the cases start. */
const OWN_TASKS: ReadonlySet<string> = new Set(['insmod', 'mmf']);

/** @param hasAftermath The call's own end counts then, if the shell saw it: how other programs fare is another matter. */
const verdictOf = (lines: readonly string[], hasAftermath: boolean): FaultVerdict => {
	const end = lines.find(line => line.startsWith('@@END '))?.slice(6);
	const status = lines.find(line => line.startsWith('@@RC '))?.slice(5);
	const isRunning = lines.some(line => line.startsWith('@@STILL_RUNNING'));
	if (hasAftermath) {
		if (status !== undefined) return status === '0' ? 'goes on' : 'killed';
		if (lines.some(line => line.startsWith('MMF case ') && line.endsWith(' returned'))) return 'goes on';
	}
	switch (end) {
		case 'panic':
			return 'panic';
		case 'vm-exit':
			return 'reset';
		case 'settled':
			if (status !== undefined) return status === '0' ? 'goes on' : 'killed';
			return isRunning ? 'stuck' : 'hang';
		default:
			return 'hang';
	}
};
