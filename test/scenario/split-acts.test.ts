import { describe, expect, it } from 'vitest';
import { splitActs } from '../../source/scenario/split-acts.ts';

const texts = (block: string) => splitActs(block).map(act => act.text);

describe('the acts of a block', () => {
	it('are its lines, without empty and comment lines', () => {
		expect(texts('a = 1\n\n// note\n/* note */\nb = 2; c = 3\n')).toEqual(['a = 1', 'b = 2; c = 3']);
	});

	it('go on while a bracket is open', () => {
		expect(texts('f(a,\n  b)\nif (x) {\n  y();\n}\nz')).toEqual(['f(a,\n  b)', 'if (x) {\n  y();\n}', 'z']);
	});

	it('go on while a comment is open', () => {
		expect(texts('a /* one\n two */ = 1\nb')).toEqual(['a /* one\n two */ = 1', 'b']);
	});

	it('take no notice of brackets in literals and comments', () => {
		expect(texts(`printk("({[")\nc = '{' // (\nd`)).toEqual([`printk("({[")`, `c = '{' // (`, 'd']);
	});

	it('know the line they begin on', () => {
		expect(splitActs('a\n\nf(\n)\nb').map(act => act.line)).toEqual([0, 2, 4]);
	});

	it('end with the block even when a bracket is never closed', () => {
		expect(texts('a\nf(')).toEqual(['a', 'f(']);
	});
});
