import { operation } from './builtin.ts';

/** What hrtimers stand on: kernel/time/hrtimer.c in C of the headers does the rest. */
export const hrtimerBuiltins = [
	operation(
		'void __arm_timer(address func, address data, s64 expires, int is_soft)',
		'what hrtimer_start stands on',
		({ kernel }, address = 0, data = 0, expiresNs = 0, isSoft = 0) => {
			const { armed } = kernel.contexts.hrtimers;
			const kind = isSoft === 0 ? 'hardirq' : 'softirq';
			armed.set(data, { address, data, expiresNs, kind, cpu: kernel.context.cpu.id });
		},
	),
	operation('void __disarm_timer(address data)', 'what hrtimer_cancel stands on', ({ kernel }, data = 0) => {
		kernel.contexts.hrtimers.armed.delete(data);
	}),
];
