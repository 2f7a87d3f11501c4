import { createHash } from 'node:crypto';
import type { Session } from '../../source/session/session.ts';

/** Everything that a session shows, and all its events since boot, as one hash each. */
export const digest = (session: Session): { readonly state: string; readonly events: string } => {
	const { view } = session;
	const { pkmap, fixmap } = view;
	const state = {
		step: session.step,
		viewStep: view.step,
		timeNs: view.timeNs,
		cpu: view.currentCpu.id,
		task: view.currentTask.pid,
		cpus: view.cpus,
		tasks: [...view.tasks.values()],
		revisions: view.revisions,
		log: view.log,
		pkmap: pkmap && {
			...['lastPkmapNr', 'wraps', 'flushes', 'slotsScanned', 'waiters'].map(key => pkmap[key as keyof typeof pkmap]),
			slots: Array.from({ length: pkmap.slots }, (_, slot) => [
				pkmap.count(slot),
				pkmap.pfn(slot),
				pkmap.changedAt(slot),
			]),
		},
		fixmap: Array.from({ length: fixmap.slots }, (_, at) => fixmap.slot(fixmap.firstIndex + at)),
		areas: view.vmalloc
			.areas()
			.map(({ start, bytes, kind, pages, caller, isLazy, changedAt }) => [
				start,
				bytes,
				kind,
				pages,
				caller,
				isLazy,
				changedAt,
			]),
		zones: view.pages.zones,
		caches: view.slab.caches,
		tables: view.paging.tables,
		tlbs: view.cpus.map(({ id }) => view.paging.tlb(id)),
	};
	return {
		state: hash(JSON.stringify(state)),
		events: hash(JSON.stringify([...session.events.latest(session.events.count)])),
	};
};

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
