import { describe, expect, it } from 'vitest';
import { UserError } from '../../source/machine/user-error.ts';
import { verbatim } from '../../source/phrases/phrase.ts';
import { placedError } from '../../source/scenario/placed-error.ts';

const act = { text: 'for (;;) {\n  kmpa(page);\n}', where: 'lesson.yaml:7:7' };

describe('a mistake in C of a scenario', () => {
	it('is told at its own line and column of the file', () => {
		expect(placedError(act, new UserError(verbatim('unknown name'), '1:6')).line).toBe(
			'lesson.yaml:7:12: unknown name',
		);
		expect(placedError(act, new UserError(verbatim('unknown name'), '2:3')).line).toBe('lesson.yaml:8:9: unknown name');
	});

	it('is told with the whole act where it stands in another file', () => {
		expect(placedError({ ...act, text: 'insmod m.c' }, new UserError(verbatim('unknown name'), 'm.c:3:1')).line).toBe(
			'lesson.yaml:7:7: in "insmod m.c": m.c:3:1: unknown name',
		);
	});
});
