/** Words of the panels that show the machinery: tasks and processes, CPUs and TLBs, page walks, counters. */
export const machineryEn = {
	tasks: {
		columns: 'pid   cpu name             state',
		waiting: (on: string) => `sleeps on ${on}`,
		turn: (at: number, count: number) => ` (${at}/${count})`,
		wants: (pfn: string) => `, for page ${pfn}`,
		onCpu: (cpu: number) => ` on cpu${cpu}`,
		sleptOn: (cpu: number) => `, fell asleep on cpu${cpu}`,
		spins: 'spins for ever',
		thread: 'a thread of the kernel',
		killedBy: (reason: string) => `dies when it leaves the kernel: ${reason}`,
		states: { running: 'running', runnable: 'ready', uninterruptible: 'uninterruptible', dead: 'killed' },
		legend: '> current   pages of 4 kB',
		noProcesses: 'No process has memory of its own yet; mmap(...) gives this shell some.',
		process: (name: string, pid: number, root: string, pages: number) =>
			`memory of ${name}[${pid}]: root table ${root}, ${pages} ${pages === 1 ? 'page' : 'pages'}`,
		area: (pages: number, present: number) => `${pages} ${pages === 1 ? 'page' : 'pages'}, ${present} present`,
		areaFact: 'private anonymous memory: a page comes with the first touch',
		zeroPage: 'ZERO_PAGE, read-only',
		page: (isWritable: boolean, users: number) =>
			isWritable ? 'writable' : users > 1 ? `read-only, shared by ${users}` : 'read-only',
		zeroFact: 'all read the same page of zeroes; who writes gets a page of its own',
		sharedFact: 'whoever writes first gets a copy',
		aloneFact: 'nobody else has it any more: the next write makes it writable again, without a copy',
		ownFact: 'the page of this process alone',
		highmemFact: 'highmem: the kernel reaches it only through a window, kmap or kmap_atomic',
	},
	cpus: {
		cpu: (id: number, task: string) => `cpu${id}  ${task}`,
		nobody: 'idle',
		irqs: (isOff: boolean): string => (isOff ? 'interrupts OFF' : 'interrupts on'),
		pagefaults: (depth: number) => (depth === 0 ? 'page faults on' : `page faults OFF ${depth} deep`),
		locks: (count: number) => (count === 0 ? 'no spinlock' : `${count} ${count === 1 ? 'spinlock' : 'spinlocks'}`),
		spins: (why: string) => `SPINS FOR EVER: ${why}`,
		preempt: (count: string, preempt: number, softirq: string, hardirq: number, nmi: number) =>
			`preempt_count ${count}: preempt ${preempt}, softirq ${softirq}, hardirq ${hardirq}, nmi ${nmi}`,
		softirq: (isServed: boolean, disabled: number) =>
			isServed ? 'served' : disabled === 0 ? '0' : `off ${disabled} deep`,
		notCounted: 'without CONFIG_PREEMPT_COUNT neither preempt_disable nor spinlocks are counted here',
		mayNotSleep: 'sleeping is forbidden here',
		whatSleeps: 'kmap, GFP_KERNEL and mutexes are mistakes',
		maySleep: 'this task may sleep',
		lock: (address: string) => `holds the spinlock at ${address}`,
		/** One number for each CPU. */
		windows: (used: readonly number[]) =>
			`kmap_atomic slots in use: ${used.map((count, id) => `cpu${id} ${count}`).join(', ')}`,
		window: (depth: number, address: string, pfn: string) => `depth ${depth}  ${address} -> page ${pfn}`,
		noWindow: 'none',
		leftBehind: 'given back, PTE left behind',
		/** Filled and stale entries of each CPU. */
		tlb: (size: number, entries: readonly (readonly [filled: number, stale: number])[]) => {
			const counts = entries.map(
				([filled, stale], id) => `cpu${id} ${filled}${stale === 0 ? '' : ` (${stale} STALE)`}`,
			);
			return `TLB entries of ${size}: ${counts.join(', ')}`;
		},
		/** The first column holds `cpu0`, `cpu15`. */
		tlbColumns: 'cpu   address        size physical      rights  whose   scope',
		rights: (isWritable: boolean, isExecutable: boolean) => `r${isWritable ? 'w' : '-'}${isExecutable ? 'x' : '-'}`,
		whose: (isUser: boolean): string => (isUser ? 'user' : 'kernel'),
		scope: (isGlobal: boolean): string => (isGlobal ? 'global' : 'not global'),
		process: (pid: number) => `process ${pid}`,
		stale: 'STALE: tables differ',
		staleFact: 'the page tables say something else by now; this CPU goes on using the entry until it is flushed',
		freshFact: 'the page tables say the same',
		entry: (address: string) => `TLB entry for ${address}`,
		legends: ['> current CPU   ~ stale: TLB or PTE not yet cleared   rwx rights', '> current ~ stale'],
	},
	walk: {
		title: (address: string, region: string) => `${address}${region === '' ? '' : `, ${region}`}`,
		kernelTables: (cpu: number, root: string) => `tables of the kernel, swapper_pg_dir ${root} (cpu${cpu})`,
		processTables: (task: string, cpu: number, root: string) => `tables of ${task}, root ${root} (cpu${cpu})`,
		columns: 'level index entry at      value               covers leads to',
		targets: { none: 'nothing', table: 'table', block: 'block', page: 'page' },
		bits: (bits: string) => `bits: ${bits}`,
		noBits: 'an empty entry: the walk ends here, an access faults',
		rights: (isWritable: boolean, isUser: boolean, isExecutable: boolean, isGlobal: boolean, isCached: boolean) =>
			[
				isWritable ? 'writable' : 'read-only',
				isUser ? 'kernel and user' : 'kernel only',
				isExecutable ? 'executable' : 'not executable',
				isGlobal ? 'global' : 'not global',
				isCached ? 'cached' : 'uncached',
			].join(', '),
		linux: (entry: string, value: string) => `Linux's own entry at ${entry}: ${value}`,
		reaches: (physical: string, pfn: string, zone: string, state: string) =>
			`= ${physical}: page ${pfn}, ${zone}, ${state}`,
		reachesDevice: (physical: string) => `= ${physical}, no RAM`,
		unmapped: '= not mapped: an access is a page fault',
		inTlb: (cpu: number, physical: string) => `TLB of cpu${cpu}: the same, ${physical}`,
		staleTlb: (cpu: number, physical: string) => `TLB of cpu${cpu}: STALE, an access there still reaches ${physical}`,
		notInTlb: (cpu: number) => `TLB of cpu${cpu}: nothing, the next access walks the tables`,
		step: (level: string, index: number) => `${level} entry ${index}`,
		tableFact: (table: string) => `in the table at ${table}`,
		legends: ['/ another address   walk EXPRESSION in the command bar   ~ stale', '/ another address  ~ stale'],
	},
	counters: {
		columns: ['calls', 'local', 'all', 'IPI', 'hit', 'miss', 'kmapL', 'vmapL', 'pages', 'PTEs'],
		meanings: [
			'calls',
			'flushes of the own TLB',
			'flushes of all TLBs',
			'interrupts to other CPUs',
			'TLB hits',
			'TLB misses',
			'kmap_lock taken',
			'vmap_area_lock taken',
			'pages allocated',
			'page table entries written',
		],
		each: 'map and unmap',
		sinceBoot: 'since boot',
		total: 'all together',
		whole: (count: string, meaning: string) => `${meaning} ${count}`,
		pair: (name: string) => `what one ${name} and its unmap cost on average`,
		never: 'not called yet',
		legends: [
			'local, all: TLB flushes   IPI: interrupts sent   L: locks   PTEs: entries written',
			'local, all: TLB flushes  L: locks',
		],
	},
};
