import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	canStart,
	type Draft,
	editText,
	machineOf,
	moveField,
	openDraft,
	turn,
	typeText,
} from '../../../source/dashboard/machine-editor/draft.ts';
import { FIELDS, type FieldId } from '../../../source/dashboard/machine-editor/fields.ts';
import { findMachine, MACHINES } from '../../../source/machine/machines.ts';

const draftOf = (id: string): Draft => openDraft(findMachine(id));

const go = (draft: Draft, field: FieldId): Draft => (draft.field === field ? draft : go(moveField(draft, 1), field));

/** The draft with `text` in that field instead of what was there. */
const withText = (draft: Draft, field: FieldId, text: string): Draft =>
	[...text].reduce(typeText, editText(go(draft, field), 'deleteLine'));

const rowsOf = (draft: Draft): readonly string[] => draft.comparison.b.layout.rows.map(({ text }) => text);

describe('a machine in the editor', () => {
	it.each(MACHINES.map(({ id }) => id))('is the very same until something is changed: %s', id => {
		const draft = draftOf(id);
		expect(machineOf(draft)).toBe(draft.base);
		expect(machineOf(editText(typeText(draft, ' '), 'deleteBack'))).toBe(draft.base);
	});

	it('is the same again when a change is taken back', () => {
		const changed = turn(go(draftOf('imx6q-2g'), 'split'), 1);
		expect(machineOf(changed).split).not.toBe('3G');
		expect(machineOf(turn(changed, -1))).toBe(changed.base);
	});

	// arch/arm/mm/mmu.c 4.4 to 5.13: lowmem ends at VMALLOC_END 0xff800000 - 512 MB, vmalloc begins 8 MB above.
	it('gives lowmem up for vmalloc=512M on an i.MX6Q with 2 GB', () => {
		const rows = rowsOf(withText(draftOf('imx6q-2g'), 'vmalloc', '512M'));
		expect(rows).toContain('    vmalloc : 0xe0000000 - 0xff800000   ( 504 MB)');
		expect(rows).toContain('    lowmem  : 0xc0000000 - 0xdf800000   ( 504 MB)');
		expect(rows).toContain('    pkmap   : 0xbfe00000 - 0xc0000000   (   2 MB)');
	});

	// arch/x86/include/asm/pgtable_32_types.h: 512 slots with PAE, 1024 without; a page table holds 2 MB or 4 MB.
	it('has half the slots of pkmap with PAE', () => {
		const rows = rowsOf(turn(go(draftOf('laptop-2g-nopae'), 'wide'), 1));
		expect(rows).toContain('    pkmap   : 0xffc00000 - 0xffe00000   (2048 kB)');
		expect(rows).toContain('    vmalloc : 0xf83fe000 - 0xffbfe000   ( 120 MB)');
		expect(rows).toContain('    lowmem  : 0xc0000000 - 0xf7bfe000   ( 891 MB)');
	});

	it('moves with its kernel: VMALLOC_END is 0xff000000 up to 4.3', () => {
		const rows = rowsOf(withText(draftOf('imx6q-2g'), 'kernel', '4.1.15'));
		expect(rows).toContain('    vmalloc : 0xf0000000 - 0xff000000   ( 240 MB)');
	});

	it('takes banks, NR_CPUS, CPUs and a command line', () => {
		let draft = withText(draftOf('imx6q-2g'), 'ram', '512M@0x10000000,256M@0x40000000');
		draft = withText(draft, 'nrCpus', '2');
		draft = withText(draft, 'cmdline', 'mem=256M');
		expect(machineOf(draft)).toMatchObject({
			ram: [
				{ base: 0x10000000, sizeBytes: 0x20000000 },
				{ base: 0x40000000, sizeBytes: 0x10000000 },
			],
			nrCpus: 2,
			cpusOnline: 2,
			parameters: { mem: 0x10000000 },
		});
	});

	it('forgets a parameter whose text is gone', () => {
		const changed = withText(draftOf('imx6q-2g'), 'vmalloc', '512M');
		const again = withText(openDraft(machineOf(changed)), 'vmalloc', '');
		expect(machineOf(again).parameters.vmalloc).toBeUndefined();
	});
});

describe('what cannot be read', () => {
	it('stands at its field, and the table keeps the last valid state', () => {
		const valid = withText(draftOf('imx6q-2g'), 'vmalloc', '512M');
		const wrong = typeText(valid, 'x');
		expect(wrong.mistake).toMatchObject({ field: 'vmalloc', error: { message: '"512Mx" is not a size' } });
		expect(rowsOf(wrong)).toEqual(rowsOf(valid));
		expect(canStart(wrong)).toBe(false);
		expect(canStart(editText(wrong, 'deleteBack'))).toBe(true);
	});

	it('stands at the field that can mend it', () => {
		const draft = withText(go(draftOf('imx6q-2g'), 'cpus'), 'cpus', '9');
		expect(draft.mistake).toMatchObject({
			field: 'cpus',
			error: { message: '9 CPUs, but the kernel is built for 4' },
		});
		expect(turn(go(draftOf('ubuntu1604-2g'), 'split'), 1).mistake?.field).toBe('split');
		expect(turn(go(draftOf('imx6q-2g'), 'wide'), 1).mistake?.field).toBe('wide');
	});
});

describe('what the kernel makes of it', () => {
	it('is said in the words of that version', () => {
		const messages = (id: string, vmalloc: string) =>
			withText(draftOf(id), 'vmalloc', vmalloc).comparison.b.layout.messages;
		expect(messages('imx6q-1g', '1M')).toContain('vmalloc area too small, limiting to 16MB');
		expect(messages('a20-1g-3gopt', '1M')).toContain('vmalloc area is too small, limiting to 16MiB');
		expect(messages('laptop-2g-nopae', '256M')).toContain('751MB LOWMEM available.');
	});

	it('is no start when the kernel would not boot', () => {
		const draft = withText(draftOf('ubuntu1604-2g'), 'vmalloc', '1500M');
		expect(draft.comparison.b.layout.bootFailure).toBeDefined();
		expect(draft.mistake).toBeUndefined();
		expect(canStart(draft)).toBe(false);
	});
});

describe('fields', () => {
	it('go round', () => {
		const draft = draftOf('imx6q-2g');
		expect(moveField(draft, -1).field).toBe(FIELDS.at(-1));
		expect(FIELDS.reduce(seen => moveField(seen, 1), draft).field).toBe(FIELDS[0]);
	});

	it('with few choices are turned, or chosen by their first letter', () => {
		const split = go(draftOf('imx6q-2g'), 'split');
		expect(typeText(split, '1').texts.split).toBe('1G');
		expect(typeText(split, 'x').texts.split).toBe('3G');
		expect(typeText(go(split, 'highmem'), 'n').texts.highmem).toBe('no');
	});

	it('offer 2G_opt on x86 only', () => {
		const offered = (id: string) => {
			let draft = go(draftOf(id), 'split');
			return Array.from({ length: 6 }, () => {
				draft = turn(draft, 1);
				return draft.texts.split;
			});
		};
		expect(offered('imx6q-2g')).not.toContain('2G_opt');
		expect(offered('laptop-2g-nopae')).toContain('2G_opt');
	});

	it('take whatever is typed: the table is always one of a machine that could be read', () => {
		const act = fc.oneof(
			fc.constantFrom(...'0123456789GMKx@,.= ').map(text => (draft: Draft) => typeText(draft, text)),
			fc.constantFrom<1 | -1>(1, -1).map(by => (draft: Draft) => turn(draft, by)),
			fc.constantFrom<1 | -1>(1, -1).map(by => (draft: Draft) => moveField(draft, by)),
			fc
				.constantFrom('deleteBack', 'deleteLine', 'wordLeft', 'deleteToEnd')
				.map(what => (draft: Draft) => editText(draft, what)),
		);
		fc.assert(
			fc.property(
				fc.constantFrom('imx6q-2g', 'vexpress-a15-lpae-4g', 'debian10-pae-4g', 'old-pc-64m'),
				fc.array(act, { maxLength: 30 }),
				(id, acts) => {
					const draft = acts.reduce((before, change) => change(before), draftOf(id));
					expect(draft.caret).toBeLessThanOrEqual(draft.texts[draft.field].length);
					expect(draft.comparison.b.layout.rows.length).toBeGreaterThan(5);
					if (draft.mistake) expect(canStart(draft)).toBe(false);
				},
			),
			{ numRuns: 300, seed: 3 },
		);
	});
});
