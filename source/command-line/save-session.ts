import { dirname, relative, resolve } from 'node:path';
import { type Phrase, phrase, verbatim } from '../phrases/phrase.ts';
import { sayIn } from '../phrases/say.ts';
import type { SavedSession } from '../session/saved-scenario.ts';
import type { Io } from './io.ts';

/**
 * Write a session as a scenario file.
 * @returns what to do with it.
 * @throws {UserError} when there is nothing to write, when it cannot be written, and when the file is there already
 * and not to be overwritten.
 */
export const saveSession = async (
	session: SavedSession,
	{ save: path, isOverwriting }: { readonly save: string; readonly isOverwriting: boolean },
	io: Pick<Io, 'writeFile' | 'writeNewFile'>,
): Promise<Phrase> => {
	const { savedScenario } = await import('../session/saved-scenario.ts');
	const text = savedScenario(session, {
		fromScenario: module => relative(dirname(resolve(path)), resolve(module)),
		chinese: await sayIn('zh'),
	});
	if (isOverwriting) io.writeFile(path, text);
	else io.writeNewFile(path, text);
	const commands = { play: verbatim(`highmem ${path}`), record: verbatim(`highmem record ${path} -o OUT.cast`) };
	return phrase('saved, {count} steps: edit the captions in {path}, then {play} or {record}', {
		count: session.step,
		path,
		...commands,
	});
};
