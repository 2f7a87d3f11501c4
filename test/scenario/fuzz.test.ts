import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../source/machine/user-error.ts';
import { parseScenario } from '../../source/scenario/parse-scenario.ts';

const LESSON = readFileSync('scenarios/documents/board.yaml', 'utf8');

const edit = fc.record({
	at: fc.integer({ min: 0, max: LESSON.length }),
	remove: fc.integer({ min: 0, max: 30 }),
	insert: fc.oneof(
		fc.string({ maxLength: 8 }),
		fc.constantFrom(': ', '- ', '{', ']', '|', '&a ', '*a ', '!!', '\n', '  ', '"'),
	),
});

describe('a scenario file with anything done to it', () => {
	it('is read, or refused in one line that names the file', () => {
		fc.assert(
			fc.property(fc.array(edit, { minLength: 1, maxLength: 5 }), edits => {
				const text = edits.reduce(
					(was, { at, remove, insert }) => was.slice(0, at) + insert + was.slice(at + remove),
					LESSON,
				);
				try {
					parseScenario(text, 'board.yaml');
				} catch (error) {
					if (!(error instanceof UserError)) throw error;
					expect(error.line).toMatch(/^board\.yaml(:\d+:\d+)?: [^\n\u001b]+$/);
				}
			}),
			{ numRuns: 400, seed: 1 },
		);
	});
});
