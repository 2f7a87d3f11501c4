import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CheckpointTaker } from '../../source/memory/checkpoint.ts';

const SOURCE = join(import.meta.dirname, '../../source/memory');

const FILES = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
	.filter(file => file.endsWith('.ts') && !file.startsWith('checkpoint'))
	.map(file => ({ file, text: readFileSync(join(SOURCE, file), 'utf8') }));

/** Classes whose one object is a public part of the kernel, where a checkpoint finds it. */
const PARTS = new Set(
	[...(FILES.find(({ file }) => file === 'kernel-parts.ts')?.text ?? '').matchAll(/^\treadonly \w+: (\w+)/gm)].map(
		([, type]) => type,
	),
);
const CLASSES = new Set(FILES.flatMap(({ text }) => [...text.matchAll(/class (\w+)/g)].map(([, name]) => name)));

/** Whether a private field as it is declared holds something that can change and that nobody else leads to. */
const canChange = (isReadonly: boolean, declared: string): boolean => {
	if (!isReadonly) return true;
	if (/\bReadonly|^: readonly /.test(declared)) return false;
	if (/Array\b|\bMap<|\bSet<|\[\]|\bnew /.test(declared)) return true;
	const type = /^: (\w+)/.exec(declared)?.[1];
	return type !== undefined && CLASSES.has(type) && !PARTS.has(type);
};

/** Fields of which a checkpoint need not know, and why. */
const EXCUSED: Readonly<Record<string, string>> = {
	'paging/boot-frames.ts #top': 'is asked at boot only',
	'paging/boot-frames.ts #image': 'as #top',
	'pages/bad-page.ts #frames': 'given once, at boot',
	'event-log.ts #listeners': 'who listens is no part of the kernel',
	'event-log.ts #isHeard': 'as #listeners',
	'event-log.ts #texts': 'a number once given to a text stays that of the text',
	'event-log.ts #textIds': 'as #texts',
	'event-log.ts #cpu': 'the context restores it',
	'event-log.ts #task': 'the context restores it',
	'event-log.ts #origin': 'follows from #cpu and #task',
	'kernel.ts #view': 'is made anew',
	'kernel-view.ts #context': 'a part',
	'pages/pages-viewer.ts #zone': 'one of the zones of the allocator',
	'vmalloc/vmap-areas.ts #above': 'means nothing outside a cut',
	'highmem/pkmap.ts #entries': 'a table that the page table keeps',
	'highmem/pkmap.ts #events': 'those of the context',
	'highmem/pkmap.ts #counters': 'as #events',
};

describe('a checkpoint of the kernel', () => {
	it('knows of every private field that changes', () => {
		const forgotten = FILES.flatMap(({ file, text }) => {
			const kept = /\n\tkeep\(recorder: Recorder\): void \{([\s\S]*?)\n\t\}/.exec(text)?.[1] ?? '';
			return [...text.matchAll(/^\t(readonly )?#(\w+)((?::| =).*)$/gm)]
				.filter(([, isReadonly, , declared = '']) => canChange(isReadonly !== undefined, declared))
				.map(([, , name = '']) => name)
				.filter(name => !kept.includes(`this.#${name}`) && !(`${file} #${name}` in EXCUSED))
				.map(name => `${file} #${name}`);
		});
		expect(forgotten).toEqual([]);
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
