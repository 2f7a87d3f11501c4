import { describe, expect, it } from 'vitest';
import { Lessons } from '../../source/command-line/lessons.ts';
import { fakeIo } from '../helpers/fake-io.ts';

const names = ['04-atomic-x86.yaml', '01-layout.yaml', '02-counts.yaml', '04-atomic.yaml', 'notes.txt'];
const { io } = fakeIo(Object.fromEntries(names.map(name => [`/lessons/${name}`, ''])));
const lessons = new Lessons(io, '/lessons/');

describe('the shipped lessons', () => {
	it('follow one another by number, a variant for another machine behind its own', () => {
		expect(lessons.after(undefined)).toBe('/lessons/01-layout.yaml');
		expect(lessons.after('/lessons/02-counts.yaml')).toBe('/lessons/04-atomic.yaml');
		expect(lessons.after('scenarios/lessons/04-atomic.yaml')).toBe('/lessons/04-atomic-x86.yaml');
		expect(lessons.after('/lessons/04-atomic-x86.yaml')).toBeUndefined();
	});

	it('begin with the first after a scenario of the user', () => {
		expect(lessons.after('mine.yaml')).toBe('/lessons/01-layout.yaml');
	});

	it('are found by number', () => {
		expect(lessons.numbered(4)).toBe('/lessons/04-atomic.yaml');
		expect(() => lessons.numbered(7)).toThrow('there is no lesson 7');
	});
});
