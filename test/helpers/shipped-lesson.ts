import { readFileSync } from 'node:fs';
import { parseScenario } from '../../source/scenario/parse-scenario.ts';
import { ScenarioPlayer } from '../../source/scenario/scenario-player.ts';
import type { Session } from '../../source/session/session.ts';

/** A lesson of `scenarios/lessons`, by its file name without `.yaml`. */
export const shippedLesson = (name: string) => {
	const path = new URL(`../../scenarios/lessons/${name}.yaml`, import.meta.url).pathname;
	const scenario = parseScenario(readFileSync(path, 'utf8'), path);
	return { scenario, player: (session: Session) => new ScenarioPlayer(session, scenario) };
};
