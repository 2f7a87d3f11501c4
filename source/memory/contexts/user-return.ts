import { atLeast } from '../../machine/kernel-version.ts';
import type { KernelContext } from '../context.ts';
import { KernelFault } from '../kernel-fault.ts';
import type { KernelWords } from '../kernel-words.ts';

/** Where a small static program's text lies, and where in it the system call was made. */
const PROGRAM = {
	arm: { name: 'busybox', start: 0x00010000, bytes: 0x131000, at: 0x00010a48, stack: 0xbefffd20 },
	x86: { name: 'busybox', start: 0x08048000, bytes: 0x177000, at: 0x0804a418, stack: 0xbffffd1c },
} as const;

const hexDigits = (value: number): string => value.toString(16);

/** What happens when a process goes back to user space from a system call. */
export class UserReturn {
	constructor(
		readonly context: KernelContext,
		readonly words: KernelWords,
	) {}

	/**
	 * The current task leaves the kernel. Page faults that are still switched off kill it at its next touch of a page that
	 * is not there, which is an instruction fetch or a few later.
	 * @throws {KernelFault}
	 */
	leave(): void {
		const { cpu, machine } = this.context;
		if (machine.arch === 'x86' && atLeast(machine.kernel, '5.11') && cpu.kmapAtomicIdx > 0) {
			this.context.advise('leftAtomic');
			this.words.warn(
				'include/linux/highmem-internal.h:17 exit_to_user_mode_prepare',
				'DEBUG_LOCKS_WARN_ON(current->kmap_ctrl.idx)',
			);
		}
		this.#die();
		if (cpu.pagefaultDisabled === 0) return;
		this.context.advise('leftAtomic');
		if (machine.arch === 'arm') this.#oops();
		else this.#segfault();
	}

	/** A fatal signal waits. */
	#die(): void {
		const { killedBy } = this.context.task;
		if (killedBy === undefined) return;
		this.context.recordFault(killedBy);
		throw new KernelFault(killedBy, 'no memory was left, and the kernel killed this task for what it has');
	}

	/** ARM takes the fault for the kernel's own. */
	#oops(): never {
		const { at } = PROGRAM.arm;
		this.words.userFault(at, REASON);
	}

	/** x86 only says it and sends SIGSEGV (arch/x86/mm/fault.c: show_signal_msg). */
	#segfault(): never {
		const { machine, task, cpu } = this.context;
		const { name, start, bytes, at, stack } = PROGRAM.x86;
		const where = atLeast(machine.kernel, '6.1') ? ` likely on CPU ${cpu.id} (core ${cpu.id}, socket 0)` : '';
		const first =
			`${task.comm}[${task.pid}]: segfault at ${hexDigits(at)} ip ${hexDigits(at).padStart(8, '0')} ` +
			`sp ${hexDigits(stack)} error 4 in ${name}[${hexDigits(start)}+${hexDigits(bytes)}]${where}`;
		this.context.printk(first, 6);
		if (atLeast(machine.kernel, '6.0')) {
			this.context.printk(`Code: Unable to access opcode bytes at 0x${hexDigits(at - 42)}.`, 6);
		} else if (atLeast(machine.kernel, '4.18')) this.context.printk('Code: Bad RIP value.', 6);
		this.context.recordFault(first);
		throw new KernelFault(first, REASON);
	}
}

const REASON =
	'the task went back to user space with page faults switched off, as a kmap_atomic without its kunmap_atomic leaves them: its next page fault kills it';
