import type { LogLine } from '../boot-log/log-lines.ts';
import type { LineReader } from './line-reader.ts';
import type { CpuFacts, ProcFacts } from './proc-facts.ts';

const ROW = /^([A-Za-z][A-Za-z0-9 _]{1,24}?)\s{0,8}:(?: (.{0,2000}))?$/;
const ARM_WORDS = /^(?:CPU implementer|CPU architecture|CPU variant|CPU part|CPU revision|Hardware|Features)$/;
const X86_WORDS = /^(?:vendor_id|cpu family|stepping|flags|fpu|wp|cpuid level|fdiv_bug|clflush size)$/;
const OTHER_WORDS =
	/^(?:processor|model|model name|Model|BogoMIPS|bogomips|Revision|Serial|microcode|cpu MHz|cache size|physical id|siblings|core id|cpu cores|apicid|initial apicid|fpu_exception|hlt_bug|f00f_bug|coma_bug|bugs|cache_alignment|address sizes|power management|Processor|vmx flags)$/;

const MOST_CPUS = 64;

/** /proc/cpuinfo (arch/arm/kernel/setup.c, arch/x86/kernel/cpu/proc.c: c_show). */
export class CpuinfoReader implements LineReader {
	#implementer = 0;
	#isOpen = false;

	take({ text, number: line }: LogLine, facts: ProcFacts): boolean {
		const match = ROW.exec(text);
		const key = match?.[1] ?? '';
		const isOwn = ARM_WORDS.test(key) || X86_WORDS.test(key);
		if (!match || (!isOwn && !OTHER_WORDS.test(key))) return false;
		// A word such as `model` alone is no sign: the file begins with a processor.
		if (key === 'processor' || key === 'Processor') this.#isOpen = true;
		if (!this.#isOpen) return false;
		facts.cpu = this.#with(facts.cpu, key, (match[2] ?? '').trim(), line);
		// A 32-bit kernel names 7 as the highest, on an ARMv8 CPU too.
		if (key === 'CPU architecture' && match[2]?.trim() === '8') facts.wide ??= { value: 'CPU architecture 8', line };
		return true;
	}

	#with(cpu: CpuFacts, key: string, value: string, line: number): CpuFacts {
		if (key === 'processor' && /^\d{1,3}$/.test(value)) {
			const count = Math.min((cpu.count?.value ?? 0) + 1, MOST_CPUS);
			return { ...cpu, count: { value: count, line: cpu.count?.line ?? line } };
		}
		if (key === 'model name' || key === 'Processor') return { ...cpu, name: cpu.name ?? { value, line } };
		if (key === 'Hardware' || key === 'Model') return { ...cpu, hardware: cpu.hardware ?? { value, line } };
		if (key === 'CPU implementer') {
			this.#implementer = Number.parseInt(value, 16);
			return { ...cpu, arch: { value: 'arm', line } };
		}
		if (key === 'CPU part') {
			const id = this.#implementer * 2 ** 24 + Number.parseInt(value, 16) * 16;
			return { ...cpu, mainId: cpu.mainId ?? { value: id, line } };
		}
		return X86_WORDS.test(key) ? { ...cpu, arch: cpu.arch ?? { value: 'x86', line } } : cpu;
	}
}
