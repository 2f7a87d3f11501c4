import { countersModel } from './counters-model.ts';
import { cpusModel } from './cpus-model.ts';
import { fixmapModel } from './fixmap-model.ts';
import { layoutModel } from './layout-model.ts';
import { logModel } from './log-model.ts';
import type { ModelContext } from './model-context.ts';
import type { PanelId, PanelModel } from './panel-model.ts';
import { pkmapModel } from './pkmap-model.ts';
import { tasksModel } from './tasks-model.ts';
import { vmallocModel } from './vmalloc-model.ts';
import { walkModel } from './walk-model.ts';
import { zonesModel } from './zones-model.ts';

/** Makes the model of a panel. */
export const panelModel = (id: PanelId, context: ModelContext, pictureHeight: number): PanelModel => {
	switch (id) {
		case 'layout':
			return layoutModel(context, pictureHeight);
		case 'pkmap':
			return pkmapModel(context);
		case 'fixmap':
			return fixmapModel(context);
		case 'log':
			return logModel(context);
		case 'vmalloc':
			return vmallocModel(context);
		case 'zones':
			return zonesModel(context);
		case 'tasks':
			return tasksModel(context);
		case 'cpus':
			return cpusModel(context);
		case 'walk':
			return walkModel(context);
		case 'counters':
			return countersModel(context);
	}
};

/** Keeps the newest model of each panel, and makes a new one only when something that it shows has changed. */
export class PanelModels {
	readonly #kept = new Map<
		PanelId,
		{ readonly context: ModelContext; readonly key: string; readonly model: PanelModel }
	>();

	get(id: PanelId, context: ModelContext, pictureHeight = 0): PanelModel {
		const key = revisionKey(context, pictureHeight);
		const kept = this.#kept.get(id);
		const isFresh =
			kept?.key === key &&
			kept.context.view === context.view &&
			kept.context.theme === context.theme &&
			kept.context.messages === context.messages;
		if (isFresh) return kept.model;
		const model = panelModel(id, context, pictureHeight);
		this.#kept.set(id, { context, key, model });
		return model;
	}
}

const revisionKey = ({ view, width, walked }: ModelContext, pictureHeight: number): string =>
	`${width}/${walked}/${pictureHeight}/${view.step}/${Object.values(view.revisions).join()}`;
