import { computeLayout } from '../layout/compute-layout.ts';
import type { Layout } from '../layout/layout.ts';
import type { Machine } from '../machine/machine.ts';
import type { BootState } from '../memory/boot/boot-state.ts';
import { bootStateFromProc } from '../memory/boot/boot-state-from-proc.ts';
import type { Text } from '../phrases/phrase.ts';
import type { Board } from './read-log.ts';

/** What a board had already done, and what is to be said about it. */
export interface BoardState {
	/** undefined: nothing is known of it. */
	readonly state: BootState | undefined;
	readonly notes: readonly Text[];
}

/**
 * The state in which the board's /proc was read.
 * @param machine The board's machine, or what flags made of it: then its areas may have no place any more.
 */
export const boardState = ({ proc, log, places }: Board, machine: Machine): BoardState => {
	if (!proc) return { state: undefined, notes: [] };
	const layout = computeLayout(machine);
	const { state, notes } = bootStateFromProc(proc, layout, place => places.text(place));
	const isAny = Object.keys(state).length > 0;
	if (isAny && machine !== log.machine && !hasSameBorders(layout, computeLayout(log.machine))) {
		const note: Text = 'the flags move borders, so the areas and free lists of /proc are left out';
		return { state: undefined, notes: [note] };
	}
	return { state: isAny ? state : undefined, notes };
};

/** Whether what lies in the vmalloc space, among modules and in free lists of one has its place in the other. */
export const hasSameBorders = (a: Layout, b: Layout): boolean =>
	a.vmallocStart === b.vmallocStart &&
	a.vmallocEnd === b.vmallocEnd &&
	a.modulesStart === b.modulesStart &&
	a.maxLowPfn === b.maxLowPfn &&
	a.maxPfn === b.maxPfn;
