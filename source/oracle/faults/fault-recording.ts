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
}

const STAMP = /^\[ *\d+\.\d+\] ?/;

/** @param text A whole recording: kernel lines with time stamps, lines of the rig with @@. */
export const readFaultRecording = (kernel: string, name: string, text: string): FaultRecording => {
	const all = text.split('\n');
	const lines = all.filter(line => !line.startsWith('@@') && line !== '').map(line => line.replace(STAMP, ''));
	return { kernel, name, verdict: verdictOf(all), lines };
};

const verdictOf = (lines: readonly string[]): FaultVerdict => {
	const end = lines.find(line => line.startsWith('@@END '))?.slice(6);
	const status = lines.find(line => line.startsWith('@@RC '))?.slice(5);
	const isRunning = lines.some(line => line.startsWith('@@STILL_RUNNING'));
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
