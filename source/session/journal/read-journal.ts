import type { Machine } from '../../machine/machine.ts';
import type { BootState } from '../../memory/boot/boot-state.ts';
import { decodeRecord, type JournalAct, type JournalRecord } from './record.ts';

/** What a journal tells of a session. */
export interface JournaledSession {
	readonly machine: Machine;
	readonly bootState: BootState | undefined;
	/** All acts, those that were taken back (`step` and later) included. */
	readonly acts: readonly JournalAct[];
	/** The step that it stood at. */
	readonly step: number;
	/** Whether it was left by intent. */
	readonly isEnded: boolean;
	/** Lines at the end that could not be read. */
	readonly lostLines: number;
	/** The lines that could. */
	readonly sound: readonly JournalRecord[];
}

/**
 * Read a journal up to its first damaged line: what follows that one rests on it.
 * @returns undefined when not even the first line can be read.
 */
export const readJournal = (text: string): JournaledSession | undefined => {
	const lines = text.split('\n');
	if (lines.at(-1) === '') lines.pop();
	const sound: JournalRecord[] = [];
	const acts: JournalAct[] = [];
	let step = 0;
	for (const line of lines) {
		const record = decodeRecord(line);
		if (!record || !fits(record, sound.length, step, acts.length)) break;
		sound.push(record);
		if (record.kind === 'seek') step = record.step;
		if (record.kind !== 'act') continue;
		acts.length = record.step - 1;
		acts.push(record);
		step = record.step;
	}
	const [boot] = sound;
	if (boot?.kind !== 'boot') return undefined;
	return {
		machine: boot.machine,
		bootState: boot.bootState,
		acts,
		step,
		isEnded: sound.at(-1)?.kind === 'end',
		lostLines: lines.length - sound.length,
		sound,
	};
};

/** Whether a record can follow those before it. */
const fits = (record: JournalRecord, position: number, step: number, acts: number): boolean => {
	switch (record.kind) {
		case 'boot':
			return position === 0;
		case 'act':
			return position > 0 && record.step === step + 1;
		case 'seek':
			return position > 0 && record.step <= acts;
		case 'end':
			return position > 0;
	}
};
