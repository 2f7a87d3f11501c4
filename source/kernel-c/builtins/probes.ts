import { UserError } from '../../machine/user-error.ts';
import { PROBED, type ProbedFunction } from '../../memory/contexts/probes.ts';
import { phrase } from '../../phrases/phrase.ts';
import { type Environment, operation } from './builtin.ts';

const isProbed = (name: string): name is ProbedFunction => PROBED.some(known => known === name);

/** kernel/kprobes.c: what the engine itself does can be watched where it calls functions as the kernel does. */
const probe = ({ kernel }: Environment, symbol: string, handler: number, data: number): void => {
	if (!isProbed(symbol)) {
		throw new UserError(
			phrase('calls of {symbol} cannot be watched here', { symbol: symbol === '' ? '0' : symbol }),
			'register_kprobe',
			phrase('only those of {names}', { names: PROBED.join(', ') }),
		);
	}
	kernel.context.probes.active.set(data, { name: symbol, address: handler });
};

/** What register_kprobe and unregister_kprobe stand on. */
export const probeBuiltins = [
	operation(
		'int __probe(const char *symbol, address handler, address data)',
		'what register_kprobe stands on',
		(env, symbol = 0, handler = 0, data = 0) => {
			probe(env, symbol === 0 ? '' : env.readString(symbol), handler, data);
			return 0;
		},
	),
	operation('void __unprobe(address data)', 'what unregister_kprobe stands on', ({ kernel }, data = 0) => {
		kernel.context.probes.active.delete(data);
	}),
];
