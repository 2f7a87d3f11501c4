import { computeLayout } from '../layout/compute-layout.ts';
import { explain } from '../layout/explain/explain.ts';
import { explanationJson } from '../layout/explain/explain-json.ts';
import { explanationLines } from '../layout/explain/explain-text.ts';
import { UserError } from '../machine/user-error.ts';
import { explainWordsIn } from '../messages/explain-words.ts';
import type { CommandLine } from './flags.ts';
import type { Io } from './io.ts';
import { chosenLanguage } from './language.ts';
import { chosenMachine } from './machine-flags.ts';
import { STATUS } from './status.ts';

/** `highmem explain ADDRESS|ROW|SYMBOL`: why it lies there, and what lies there, on a kernel that has just booted. */
export const explainMode = ({ files, flags }: CommandLine, io: Io): number => {
	const [what, extra] = files;
	if (what === undefined || extra !== undefined) {
		const usage = 'highmem explain 0xc0000000, vmalloc or high_memory';
		throw new UserError('explains one address, row or symbol', extra ?? 'explain', usage);
	}
	const machine = chosenMachine(flags, io);
	const words = explainWordsIn(chosenLanguage(flags, io.env));
	const explanation = explain(machine, what);
	const text = flags.json
		? JSON.stringify(explanationJson(machine, explanation, words), undefined, 2)
		: explanationLines(explanation, words).join('\n');
	io.out(`${text}\n`);
	const { bootFailure } = computeLayout(machine);
	if (bootFailure !== undefined) io.err(`note: ${words.compare.wouldNotBoot(machine.title, words.say(bootFailure))}\n`);
	return STATUS.done;
};
