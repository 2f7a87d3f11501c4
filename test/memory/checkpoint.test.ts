import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CheckpointTaker } from '../../source/memory/checkpoint.ts';

const SOURCE = join(import.meta.dirname, '../../source/memory');

/** Private fields that hold what never changes, or what leads to a part that is found by another way. */
const CONSTANT =
	/^(?:parts|layout|context|table|bytes|zone|rules|is[A-Z]\w*|uses\w+|increment|max\w+|base|firstPfn|lastPfn|kmapEnd|names|sizes|byKind|largeText|limit|userGfp|pageGfp|gfpKernel|pagefaultRaisesPreempt|revisions|frames|above|listeners|texts|textIds|origin|cpu|task|shift|mask|shape|bits|entries|words|records|seen|known|view|events|firstHighmem|linux|hardware)$/;

interface PrivateField {
	readonly file: string;
	readonly name: string;
	readonly isKept: boolean;
	readonly isReadonly: boolean;
}

const privateFields = (): PrivateField[] =>
	readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
		.filter(file => file.endsWith('.ts') && !file.startsWith('checkpoint'))
		.flatMap(file => {
			const text = readFileSync(join(SOURCE, file), 'utf8');
			const kept = /\n\tkeep\(recorder: Recorder\): void \{([\s\S]*?)\n\t\}/.exec(text)?.[1] ?? '';
			return [...text.matchAll(/^\t(readonly )?#(\w+)(?:[!?]?:| =)/gm)].map(([, isReadonly, name = '']) => ({
				file,
				name,
				isReadonly: isReadonly !== undefined,
				isKept: kept.includes(`this.#${name}`),
			}));
		});

describe('a checkpoint of the kernel', () => {
	it('knows of every private field that changes', () => {
		const forgotten = privateFields().filter(({ name, isKept }) => !isKept && !CONSTANT.test(name));
		expect(forgotten.map(({ file, name }) => `${file}: #${name}`)).toEqual([]);
	});
});

describe('a checkpoint', () => {
	it('puts everything back into the same objects', () => {
		const inner = { count: 1, list: [1, 2] as number[] };
		const root = {
			inner,
			numbers: new Int32Array([1, 2, 3]),
			odd: new Uint8Array([1, 2, 3]),
			map: new Map<string, { n: number }>([['a', { n: 1 }]]),
			set: new Set([1]),
			optional: undefined as number | undefined,
		};
		const taker = new CheckpointTaker();
		const checkpoint = taker.take(recorder => recorder.walk(root));
		const a = root.map.get('a');
		root.inner = { count: 9, list: [] };
		inner.count = 2;
		inner.list.push(3);
		root.numbers[1] = 20;
		root.odd[2] = 30;
		root.map.clear();
		root.set.add(2);
		if (a) a.n = 5;
		checkpoint.restore();
		expect(root.inner).toBe(inner);
		expect(root.map.get('a')).toBe(a);
		expect(root).toEqual({
			inner: { count: 1, list: [1, 2] },
			numbers: new Int32Array([1, 2, 3]),
			odd: new Uint8Array([1, 2, 3]),
			map: new Map([['a', { n: 1 }]]),
			set: new Set([1]),
			optional: undefined,
		});
	});

	it('of cyclic and very long chains needs no deep stack', () => {
		interface Link {
			next: Link | undefined;
			value: number;
		}
		const first: Link = { next: undefined, value: 0 };
		let last = first;
		for (let value = 1; value < 100_000; value++) {
			last.next = { next: undefined, value };
			last = last.next;
		}
		last.next = first;
		const checkpoint = new CheckpointTaker().take(recorder => recorder.walk(first));
		last.value = -1;
		checkpoint.restore();
		expect(last.value).toBe(99_999);
	});

	it('shares what did not change with the one before', () => {
		const root = { still: new Int32Array(4096), moving: new Int32Array(4096) };
		const taker = new CheckpointTaker();
		const first = taker.take(recorder => recorder.walk(root));
		root.moving[5] = 1;
		const second = taker.take(recorder => recorder.walk(root));
		const recordOf = (target: object, { records }: typeof first) => records.find(record => record.target === target);
		expect(recordOf(root.still, second)).toBe(recordOf(root.still, first));
		expect(recordOf(root.moving, second)).not.toBe(recordOf(root.moving, first));
	});

	it('goes back and forth on a list that grows', () => {
		const list: number[] = [];
		const taker = new CheckpointTaker();
		const points = [0, 3, 4, 9].map(length => {
			while (list.length < length) list.push(list.length);
			return taker.take(recorder => recorder.growing(list));
		});
		const lengthAt = (index: number): number => {
			points[index]?.restore();
			expect(list).toEqual(list.map((_, at) => at));
			return list.length;
		};
		expect([1, 3, 0, 2, 3, 1, 0, 3].map(lengthAt)).toEqual([3, 9, 0, 4, 9, 3, 0, 9]);
		// Another way from the second on.
		points[1]?.restore();
		list.push(30, 40, 50);
		const other = taker.take(recorder => recorder.growing(list));
		points[0]?.restore();
		other.restore();
		expect(list).toEqual([0, 1, 2, 30, 40, 50]);
	});

	it('asks parts with private state for it', () => {
		class Counter {
			#count = 0;
			readonly log: number[] = [];
			add(): number {
				this.log.push(++this.#count);
				return this.#count;
			}
			keep(recorder: import('../../source/memory/checkpoint.ts').Recorder): void {
				recorder.value(this.#count, count => {
					this.#count = count;
				});
			}
		}
		const counter = new Counter();
		counter.add();
		const checkpoint = new CheckpointTaker().take(recorder => recorder.walk({ counter }));
		counter.add();
		checkpoint.restore();
		expect(counter.log).toEqual([1]);
		expect(counter.add()).toBe(2);
	});
});
