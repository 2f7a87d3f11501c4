import { computeLayout } from '../layout/compute-layout.ts';
import { hasHighmem, type Machine } from '../machine/machine.ts';
import { Kernel } from '../memory/kernel.ts';
import { KernelFault } from '../memory/kernel-fault.ts';
import { checkBootFacts } from './boot/boot-facts.ts';
import { checkBootReport } from './boot/boot-report.ts';
import { AtomicProbe } from './first-probe/atomic-probe.ts';
import { ExhaustProbe } from './first-probe/exhaust-probe.ts';
import { bootProbe, kmapSlots, takeHighmem } from './first-probe/highmem-pages.ts';
import { checkKeptAreas } from './first-probe/kept-areas.ts';
import { KmapProbe } from './first-probe/kmap-probe.ts';
import { LowmemProbe } from './first-probe/lowmem-probe.ts';
import { VmallocProbe } from './first-probe/vmalloc-probe.ts';
import { VmallocState } from './first-probe/vmalloc-state.ts';
import { LowmemKernel } from './probe-kernel/lowmem-kernel.ts';
import { PageNames } from './probe-kernel/page-names.ts';
import { ProbeKernel } from './probe-kernel/probe-kernel.ts';
import { isDistribution, recordedMachine } from './recorded-machine.ts';
import type { Recording } from './recording.ts';
import { SecondProbe } from './second-probe/second-probe.ts';
import { Tally } from './tally.ts';
import { Trail } from './trail.ts';

/**
 * What the probe says of itself: its hooks were in place, which kernel it was built for, and whether it was told the
 * addresses of private variables, which the kernels of distributions hide and those without highmem do not have.
 */
const checkProbe = (trail: Trail, { kernel }: Machine, hasSymbols: boolean): void => {
	const [major = 0, minor = 0, patch = 0] = kernel.text.split(/[.+-]/).map(Number);
	trail.expect('info', {
		kprobe_flush_tlb_kernel_range: 0,
		have_syms: hasSymbols ? 1 : 0,
		version: (major << 16) | (minor << 8) | Math.min(patch, 255),
	});
};

/** The pages that the probe holds, and what it does with them. */
const replayHighmem = (trail: Trail, machine: Machine): ProbeKernel | undefined => {
	if (!hasHighmem(machine)) return undefined;
	const want = kmapSlots(machine) + 60;
	const taken = takeHighmem(machine, want, trail.number('lowmem_pages_got'));
	trail.expect('info', {
		highmem_pages_got: taken.highmem,
		lowmem_pages_got: taken.lowmem,
		wanted: want,
	});
	if (taken.highmem < 16) return undefined;
	const probe = bootProbe(trail, machine);
	probe.takePages(taken.highmem);
	const [first, second, third] = probe.pages.held;
	if (first === undefined || second === undefined || third === undefined) return probe;
	trail.expect('highmem_pages', {
		H0_pfn: probe.pageNumber(first, trail.number('H0_pfn')),
		H1_pfn: probe.pageNumber(second, trail.number('H1_pfn')),
		H2_pfn: probe.pageNumber(third, trail.number('H2_pfn')),
		zone: probe.kernel.parts.pages.zoneOf(first),
		page_address_H0: probe.kernel.pageAddress(first),
	});
	if (taken.highmem >= want) new KmapProbe(probe).run();
	new AtomicProbe(probe).run();
	if (taken.highmem >= want) new ExhaustProbe(probe).run();
	return probe;
};

/** The physical address that the probe was given to map. */
const ioAddress = ({ inputs }: Recording): number => Number(/mmp\.ioaddr=(\S+)/.exec(inputs.cmdline)?.[1] ?? 0);

/** The operations of the first probe. */
const firstPart = ({ experiments }: Recording): Recording['experiments'] => {
	const end = experiments.findIndex(({ op }) => op === 'done');
	return end < 0 ? experiments : experiments.slice(0, end);
};

/** Replay one recorded run on the engine. Of a kernel that did not come up only its first messages are compared. */
export const replayRun = (recording: Recording): Tally => {
	const tally = new Tally();
	const machine = recordedMachine(recording);
	checkBootReport(recording, machine, computeLayout(machine), tally);
	if (Object.keys(recording.constants).length === 0) return tally;
	const kernel = Kernel.boot(machine);
	checkBootFacts(recording, machine, kernel.context.layout, kernel.parts.pages, tally);
	const trail = new Trail(recording.experiments, tally);
	try {
		replayProbes(recording, machine, trail);
	} catch (error) {
		// A recording that no kernel can have made leads the engine into what the kernel takes for a bug.
		if (!(error instanceof KernelFault)) throw error;
		tally.check('the whole trace', 'no fault', error.message);
	}
	trail.finish();
	return tally;
};

const replayProbes = (recording: Recording, machine: Machine, trail: Trail): void => {
	checkProbe(trail, machine, !isDistribution(recording) && hasHighmem(machine));
	new LowmemProbe(new LowmemKernel(recording, Kernel.boot(machine), trail)).run();
	const probe = replayHighmem(trail, machine) ?? new ProbeKernel(Kernel.boot(machine), trail);
	const names = new PageNames();
	probe.givePages(names);
	probe.watchDrains(names);
	const state = new VmallocState(recording, firstPart(recording), probe.kernel);
	state.place(probe.kernel);
	const vmalloc = new VmallocProbe(probe, state, names, ioAddress(recording));
	vmalloc.run();
	checkKeptAreas(recording, probe.kernel, vmalloc.kept, trail.tally);
	if (trail.isNext('info')) new SecondProbe(recording, machine, trail, ioAddress(recording), state.taken).run();
};
