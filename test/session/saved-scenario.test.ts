import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { machineFromFlags } from '../../source/machine/from-flags.ts';
import { findMachine } from '../../source/machine/machines.ts';
import { UserError } from '../../source/machine/user-error.ts';
import type { BootState } from '../../source/memory/boot/boot-state.ts';
import { chinese } from '../../source/phrases/chinese.ts';
import { parseScenario } from '../../source/scenario/parse-scenario.ts';
import { ScenarioPlayer } from '../../source/scenario/scenario-player.ts';
import { savedScenario } from '../../source/session/saved-scenario.ts';
import { Session, type SessionOptions } from '../../source/session/session.ts';
import { digest } from './digest.ts';

const MODULE = `#include <linux/module.h>
static int count = 1;
module_param(count, int, 0);
static int __init m_init(void) { printk("count %d\\n", count); return 0; }
static void __exit m_exit(void) { }
module_init(m_init);
module_exit(m_exit);
MODULE_LICENSE("GPL");
`;

const BOOT: BootState = {
	timeSeconds: 58.787147,
	lastPkmapNr: 42,
	pkmapCounts: { 7: 1 },
	vmallocAreas: [
		{ start: 0xf0800000, bytes: 0x1f000, caller: 'boot: a caller', kind: 'ioremap', physical: 0x2100000 },
		{ start: 0xf0900000, bytes: 0x3000, isLazy: true },
	],
	zones: [{ name: 'HighMem', perCpu: [{ count: 3, batch: 31 }, { count: 0 }] }],
	slabs: [{ cache: 'kmalloc-64', slab: 0xeea18000, used: 38 }],
	kmapAtomicIdx: [1, 0],
};

const readFile = (path: string): string => {
	if (path === 'modules/m.c') return MODULE;
	throw new UserError('no such file', path);
};
const open = (options: Partial<SessionOptions> = {}) =>
	Session.open({ machine: findMachine('imx6q-2g'), readFile, ...options });

// The scenario lies in lessons/, beside modules/.
const save = (session: Session): string => savedScenario(session, { fromScenario: path => `../${path}`, chinese });

/** What was saved, read and played to its end. */
const played = async (text: string): Promise<Session> => {
	const scenario = parseScenario(text, 'lessons/saved.yaml');
	const { machine, bootState } = scenario;
	const session = await open({ machine, bootState });
	const player = new ScenarioPlayer(session, scenario);
	while (player.next()) expect(player.result?.failures).toEqual([]);
	return session;
};

const ACTS = [
	'page = alloc_page(GFP_HIGHUSER)',
	'page = alloc_page(GFP_KERNEL)',
	'p = kmap(page)',
	'kunmap(page)',
	'a = kmap_atomic(page)',
	'kunmap_atomic(a)',
	'v = vmalloc(3 * PAGE_SIZE) // "quoted": text, #not a comment',
	'vfree(v)',
	'k = kmalloc(100, GFP_KERNEL); kfree(k); kfree(k)',
	'*(int *)0 = 1',
	'for (i = 0; i < 3; i++) {\n\tkmap(alloc_page(GFP_HIGHUSER));\n}',
	"printk(\"%c { [ ' \\n\", '{')",
	'for (i = 0; i < 600; i++) kmap(alloc_page(GFP_HIGHUSER))',
	'cpu 1',
	'cpu 0',
	'task new',
	'fork',
	'exit',
	'irq printk("irq\\n")',
	'softirq page = alloc_page(GFP_ATOMIC)',
	'insmod modules/m.c',
	'insmod modules/m.c count=3',
	'rmmod m',
	'msleep(20)',
	'undo',
	'redo',
	'seek 2',
	'nonsense(',
	'goto PKMAP_BASE',
];

describe('a session that is saved as a scenario', () => {
	it('plays to the same state, whatever was done in it', async () => {
		const machines = [findMachine('imx6q-2g'), machineFromFlags({ arch: 'x86', ram: '1G', pae: true, cpus: '2' })];
		await fc.assert(
			fc.asyncProperty(
				fc.constantFrom(...machines),
				fc.array(fc.constantFrom(...ACTS), { minLength: 1, maxLength: 30 }),
				async (machine, acts) => {
					const session = await open({ machine });
					for (const act of acts) session.execute(act);
					if (session.step === 0) return;
					const again = await played(save(session));
					expect(again.machine).toEqual(machine);
					// An undo may leave other revisions and events behind, and only those.
					const once = await open({ machine });
					for (const { text } of session.history.slice(0, session.step)) once.execute(text);
					expect(digest(again)).toEqual(digest(once));
					expect({ ...again.view.log }).toEqual({ ...session.view.log });
					expect(again.view.timeNs).toBe(session.view.timeNs);
				},
			),
			{ seed: 1, numRuns: 60, interruptAfterTimeLimit: 40_000 },
		);
	}, 60_000);

	it('begins in the same boot state', async () => {
		const session = await open({ bootState: BOOT });
		session.execute('p = vmalloc(4096)');
		const text = save(session);
		expect(parseScenario(text, 'saved.yaml').bootState).toEqual(BOOT);
		expect(text).toContain('    - start: 0xf0800000\n      bytes: 126976\n');
		expect(digest(await played(text))).toEqual(digest(session));
	});

	it('has one step for each act, with the act as its caption and how it ended', async () => {
		const session = await open();
		for (const act of [
			'page = alloc_page(GFP_HIGHUSER)',
			'insmod modules/m.c count=3',
			'*(int *)0 = 1',
			'cpu 1',
			'undo',
		]) {
			session.execute(act);
		}
		expect(save(session)).toBe(`# Edit the captions; under expect go C expressions that must not be 0 after the step.

title:
  en: A session on imx6q-2g
  zh: 会话：imx6q-2g
machine: imx6q-2g
steps:
  - caption:
      en: page = alloc_page(GFP_HIGHUSER)
      zh: page = alloc_page(GFP_HIGHUSER)
    do: page = alloc_page(GFP_HIGHUSER)
    ends: done
    expect: []
  - caption:
      en: insmod modules/m.c count=3
      zh: insmod modules/m.c count=3
    insmod: ../modules/m.c count=3
    ends: done
    expect: []
  - caption:
      en: "*(int *)0 = 1"
      zh: "*(int *)0 = 1"
    do: "*(int *)0 = 1"
    ends: fault
    expect: []
`);
	});

	it('without any act is refused', async () => {
		const session = await open();
		expect(() => save(session)).toThrow('nothing was done yet');
	});
});
