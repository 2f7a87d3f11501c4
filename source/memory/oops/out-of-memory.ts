import { atLeast } from '../../machine/kernel-version.ts';
import type { KernelContext, Task } from '../context.ts';
import { gfpText } from '../pages/gfp.ts';
import type { PageAllocator } from '../pages/page-allocator.ts';
import { memInfo } from './mem-info.ts';

/** What a small static program has: size in pages of its address space, of memory, and of page tables in bytes. */
const PROGRAM = { totalVm: 560, anonymous: 11, shared: 3, tables: 16384 } as const;

/** Processes that the kernel may kill for their memory: init and its own threads are spared. */
const isKillable = ({ pid, isKernel }: Task): boolean => pid > 1 && !isKernel;

/** Whether the current task may be killed to get memory: in tests of the engine alone there is none but init. */
export const mayKill = ({ task }: KernelContext): boolean => isKillable(task);

/**
 * out_of_memory (mm/oom_kill.c): the kernel says what it has, and kills the task that asks. It dies when it leaves the
 * kernel; until then it may take the last pages.
 */
export const killForMemory = (pages: PageAllocator, gfp: number, order: number): void => {
	const { context, words } = pages;
	const { task, machine, tasks } = context;
	const { kernel } = machine;
	const { comm, pid } = task;
	const names = atLeast(kernel, '4.6') ? `(${gfpText(kernel, gfp)})` : '';
	const nodes = atLeast(kernel, '4.6') && !atLeast(kernel, '4.20') ? ', nodemask=(null)' : '';
	const mask = `0x${(gfp >>> 0).toString(16)}${names}${nodes}`;
	context.printk(`${comm} invoked oom-killer: gfp_mask=${mask}, order=${order}, oom_score_adj=0`, 4);
	words.dumpStack();
	for (const line of memInfo(pages, pages.topZone(gfp))) context.printk(line, 4);
	const isNew = atLeast(kernel, '4.19');
	if (isNew) context.printk('Tasks state (memory values in pages):', 6);
	context.printk(
		isNew
			? '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name'
			: '[ pid ]   uid  tgid total_vm      rss nr_ptes nr_pmds swapents oom_score_adj name',
		6,
	);
	for (const each of tasks.values()) if (isKillable(each)) context.printk(taskRow(each, isNew), 6);
	for (const line of verdictLines(context)) context.printk(line, 3);
	task.killedBy = `Out of memory: Kill${atLeast(kernel, '5.3') ? 'ed' : ''} process ${pid} (${comm})`;
};

const taskRow = ({ pid, comm }: Task, isNew: boolean): string => {
	const number = String(pid).padStart(5);
	const size = String(PROGRAM.totalVm).padStart(8);
	const used = String(PROGRAM.anonymous + PROGRAM.shared).padStart(8);
	if (!isNew) return `[${number}]     0 ${number} ${size} ${used}       4       0        0             0 ${comm}`;
	return `[${String(pid).padStart(7)}]     0 ${number} ${size} ${used} ${String(PROGRAM.tables).padStart(8)}        0             0 ${comm}`;
};

const verdictLines = ({ machine, task }: KernelContext): readonly string[] => {
	const { kernel } = machine;
	const { pid, comm } = task;
	const { totalVm, anonymous, shared, tables } = PROGRAM;
	const sizes = `total-vm:${totalVm * 4}kB, anon-rss:${anonymous * 4}kB, file-rss:0kB`;
	const shmem = atLeast(kernel, '4.5') ? `, shmem-rss:${shared * 4}kB` : '';
	if (!atLeast(kernel, '5.3')) {
		return [
			`Out of memory: Kill process ${pid} (${comm}) score 0 or sacrifice child`,
			`Killed process ${pid} (${comm}) ${sizes}${shmem}`,
		];
	}
	const where = 'oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/';
	return [
		`${where},task=${comm},pid=${pid},uid=0`,
		`Out of memory: Killed process ${pid} (${comm}) ${sizes}${shmem}, UID:0 pgtables:${tables / 1024}kB oom_score_adj:0`,
	];
};
