import { type Environment, operation } from './builtin.ts';

const EINVAL = 22;
const EBUSY = 16;
const IRQF_SHARED = 0x80;

/** Call the handlers of an interrupt, as an interrupt when this is none yet. */
const raise = (env: Environment, irq: number): number => {
	const { interrupts, preemption } = env.kernel.contexts;
	const actions = interrupts.handlers.get(irq);
	if (!actions) return -EINVAL;
	const handle = (): void => {
		for (const { handler, device } of actions) env.callback(handler, [irq, device]);
	};
	if (preemption.state.isHardirq) handle();
	else interrupts.run('hardirq', handle);
	return 0;
};

/** kernel/irq/manage.c: handlers of interrupts, which `irq generic_handle_irq(N)` in the command bar calls. */
export const interruptBuiltins = [
	operation(
		'int request_irq(unsigned int irq, address handler, unsigned long flags, const char *name, void *dev)',
		'put in a handler for an interrupt; generic_handle_irq calls it',
		(env, irq = 0, handler = 0, flags = 0, name = 0, device = 0) => {
			const { handlers } = env.kernel.contexts.interrupts;
			const known = handlers.get(irq) ?? [];
			if (handler === 0 || ((flags & IRQF_SHARED) !== 0 && device === 0)) return -EINVAL;
			if (known.length > 0 && (flags & IRQF_SHARED) === 0) return -EBUSY;
			handlers.set(irq, [...known, { handler, device, name: env.readString(name) }]);
			return 0;
		},
	),
	operation(
		'void free_irq(unsigned int irq, void *dev)',
		'take a handler of an interrupt out',
		(env, irq = 0, device = 0) => {
			const { handlers } = env.kernel.contexts.interrupts;
			const left = (handlers.get(irq) ?? []).filter(action => action.device !== device);
			if (left.length > 0) handlers.set(irq, left);
			else handlers.delete(irq);
		},
	),
	operation('int generic_handle_irq(unsigned int irq)', 'let an interrupt happen on this CPU', (env, irq = 0) =>
		raise(env, irq),
	),
];
