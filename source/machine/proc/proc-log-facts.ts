import type { PlainPhrase } from '../../phrases/phrase.ts';
import { KiB, MiB, PAGE_SIZE } from '../address.ts';
import type { Found, LogFacts, MemoryFacts, PhysicalRange } from '../boot-log/log-facts.ts';
import { noFacts } from '../boot-log/log-facts.ts';
import { scanFacts } from '../boot-log/scan-facts.ts';
import type { Architecture } from '../machine.ts';
import type { ProcFacts, ZoneState } from './proc-facts.ts';

/** Which architecture's /proc it is, as far as anything in it tells; undefined: nothing does. */
export const architectureOfProc = ({ cpu, pcWords, version, zones, ram }: ProcFacts): Architecture | undefined => {
	if (cpu.arch) return cpu.arch.value;
	if (pcWords) return 'x86';
	const words = version?.value ?? '';
	if (/\barm|armv\d|armmp|gnueabi/i.test(words)) return 'arm';
	if (/i[3-6]86|-686|-586/.test(words)) return 'x86';
	const starts = zones.map(({ value }) => value.startPfn).filter(start => start !== undefined);
	// Page 0 of a PC belongs to no zone, and its RAM has a hole below 1 MiB.
	if (starts.length > 0) return Math.min(...starts) <= 1 ? 'x86' : 'arm';
	if (ram.length > 1 && (ram[0]?.value.end ?? MiB) < MiB) return 'x86';
	return ram.length > 0 ? 'arm' : undefined;
};

/** Zones with pages in them, ascending. */
export const filledZones = ({ zones }: ProcFacts): readonly Found<ZoneState>[] =>
	zones
		.filter(({ value }) => (value.present ?? 0) > 0 && value.name !== 'Movable' && value.name !== 'Device')
		.sort((a, b) => (a.value.startPfn ?? 0) - (b.value.startPfn ?? 0));

/** What /proc says in the words of a boot log, so that one way leads from either to a machine. */
export const logFactsFromProc = (proc: ProcFacts): LogFacts => {
	const arch = architectureOfProc(proc);
	const facts: LogFacts = proc.version
		? scanFacts([{ text: proc.version.value, number: proc.version.line }])
		: noFacts();
	if (arch !== undefined) facts.signs[arch] += 10;
	if (proc.commandLine) facts.commandLine = proc.commandLine;
	if (proc.wide) facts.wide = proc.wide;
	const { count, name, mainId, hardware } = proc.cpu;
	if (count) facts.cpusOnline = count;
	if (name) facts.cpuName = { ...name, value: name.value.replace(/ rev \d{1,3} \(.{1,12}\)$/, '') };
	if (mainId) facts.mainId = mainId;
	if (hardware) facts.machineName = hardware;
	const [firstBank] = proc.ram;
	if (arch === 'x86') {
		for (const { value } of proc.ram)
			facts.e820.push({ value: { ...value, isUsable: true }, line: firstBank?.line ?? 0 });
	} else facts.nodeRanges.push(...(proc.ram.length > 0 ? proc.ram : zoneBanks(proc)));
	fillZones(facts, proc, arch);
	fillMemory(facts, proc);
	fillWidth(facts, proc, arch);
	if (proc.image) facts.image = proc.image;
	if (proc.dated) facts.kernelHint = proc.dated;
	const vmallocKb = proc.meminfo.get('VmallocTotal');
	if (vmallocKb && vmallocKb.value > 0) facts.vmallocBytes = { value: vmallocKb.value * KiB, line: vmallocKb.line };
	return facts;
};

/** Without banks the zones tell where RAM lies, but not which pages in them are missing. */
const zoneBanks = (proc: ProcFacts): Found<PhysicalRange>[] => {
	const banks: Found<PhysicalRange>[] = [];
	for (const { value, line } of filledZones(proc)) {
		if (value.startPfn === undefined || value.spanned === undefined) continue;
		const start = value.startPfn * PAGE_SIZE;
		const end = start + value.spanned * PAGE_SIZE;
		const before = banks.at(-1);
		if (before?.value.end === start) banks.splice(-1, 1, { ...before, value: { start: before.value.start, end } });
		else banks.push({ value: { start, end }, line });
	}
	return banks;
};

const fillZones = (facts: LogFacts, proc: ProcFacts, arch: Architecture | undefined): void => {
	const zones = filledZones(proc);
	for (const { value, line } of zones) {
		if (value.startPfn === undefined || value.spanned === undefined) continue;
		const start = value.startPfn * PAGE_SIZE;
		facts.zoneRanges.set(value.name, { value: { start, end: start + value.spanned * PAGE_SIZE }, line });
	}
	const high = zones.find(({ value }) => value.name === 'HighMem');
	const low = zones.filter(({ value }) => value.name !== 'HighMem');
	const [first, last] = [low[0], low.at(-1)];
	if (high?.value.startPfn !== undefined) {
		const { startPfn, spanned = 0 } = high.value;
		if (arch === 'x86') {
			facts.lowRamEnd = { value: startPfn * PAGE_SIZE, line: high.line };
			facts.highmemMb = { value: Math.floor((spanned * PAGE_SIZE) / MiB), line: high.line };
		}
	}
	// Only a kernel with CONFIG_HIGHMEM has that word, zero or not.
	const highTotal = proc.meminfo.get('HighTotal');
	if (arch === 'x86' && !high && highTotal) facts.highmemMb = { value: 0, line: highTotal.line };
	if (first?.value.startPfn === undefined || last?.value.startPfn === undefined) return;
	const end = (last.value.startPfn + (last.value.spanned ?? 0)) * PAGE_SIZE;
	if (arch === 'x86') facts.lowmemMb = { value: Math.floor(end / MiB), line: last.line };
	else facts.lowmemSpan = { value: end - first.value.startPfn * PAGE_SIZE, line: last.line };
};

/** All pages of the zones; without them a round number above what the kernel manages. */
const fillMemory = (facts: LogFacts, proc: ProcFacts): void => {
	const zones = filledZones(proc);
	const total = proc.meminfo.get('MemTotal');
	const highTotal = proc.meminfo.get('HighTotal');
	const high = zones.find(({ value }) => value.name === 'HighMem');
	const line = total?.line ?? zones[0]?.line;
	if (line === undefined) return;
	const presentKb = zones.reduce((sum, { value }) => sum + (value.present ?? 0) * 4, 0);
	const step = 32 * 1024;
	const totalKb = presentKb > 0 ? presentKb : Math.ceil((total?.value ?? 0) / step) * step;
	const highmemKb = high ? (high.value.present ?? 0) * 4 : highTotal?.value;
	const value: MemoryFacts = {
		totalKb,
		countsCma: proc.meminfo.has('CmaTotal'),
		// Only then is it known whether there is a highmem to count.
		isGeneric: total !== undefined || high !== undefined,
		...(highmemKb === undefined ? {} : { highmemKb }),
	};
	facts.memory = { value, line };
	const cma = proc.meminfo.get('CmaTotal');
	if (cma && cma.value > 0) facts.cmaTotal = { value: cma.value * KiB, line: cma.line };
};

/** How wide a physical address is tells PAE and LPAE. */
const fillWidth = (facts: LogFacts, proc: ProcFacts, arch: Architecture | undefined): void => {
	const shown = proc.vmalloc.find(({ value }) => value.physicalDigits !== undefined);
	const high = proc.ram.find(({ value }) => value.end > 2 ** 32);
	const small = proc.meminfo.get('DirectMap4M');
	const large = proc.meminfo.get('DirectMap2M');
	const set = (isWide: boolean, value: PlainPhrase, line: number): void => {
		facts.widePhysical ??= { value: { isWide, sign: value }, line };
	};
	if (arch === 'x86' && small) set(false, 'DirectMap4M', small.line);
	if (arch === 'x86' && large) set(true, 'DirectMap2M', large.line);
	if (high) set(true, 'RAM above 4 GB', high.line);
	if (shown) set((shown.value.physicalDigits ?? 8) > 8, 'the digits of phys=', shown.line);
};
