import { virtual } from '../../machine/address.ts';
import { type Environment, operation, query } from './builtin.ts';
import { checkExtent } from './extent.ts';
import { fill } from './pages.ts';

const MILLISECOND = 1e6;
const MICROSECOND = 1e3;

/** Preemption, page faults, CPUs, time. */
export const contextBuiltins = [
	query('int smp_processor_id(void)', 'number of the CPU that runs this', ({ kernel }) => kernel.context.cpu.id),
	query('int raw_smp_processor_id(void)', 'number of the CPU that runs this', ({ kernel }) => kernel.context.cpu.id),
	operation('int get_cpu(void)', 'smp_processor_id with preemption off', ({ kernel }) => {
		kernel.preemptDisable();
		return kernel.context.cpu.id;
	}),
	operation('void put_cpu(void)', 'preemption on again after get_cpu', ({ kernel }) => kernel.preemptEnable()),
	operation('void preempt_disable(void)', 'no task switch on this CPU until preempt_enable', ({ kernel }) =>
		kernel.preemptDisable(),
	),
	operation('void preempt_enable(void)', 'undo one preempt_disable', ({ kernel }) => kernel.preemptEnable()),
	operation('void pagefault_disable(void)', 'page faults fail instead of sleeping', ({ kernel }) =>
		kernel.pagefaultDisable(),
	),
	operation('void pagefault_enable(void)', 'undo one pagefault_disable', ({ kernel }) => kernel.pagefaultEnable()),
	query(
		'bool pagefault_disabled(void)',
		'whether page faults may not sleep',
		({ kernel }) => kernel.context.cpu.pagefaultDisabled !== 0,
		{ since: '4.2' },
	),
	query('unsigned int num_online_cpus(void)', 'CPUs that run', ({ kernel }) => kernel.context.cpus.length),
	query('unsigned int num_possible_cpus(void)', 'CPUs that may ever run', ({ kernel }) => kernel.context.cpus.length),
	operation('void mdelay(unsigned long msecs)', 'let simulated milliseconds pass', ({ kernel }, time = 0) =>
		kernel.contexts.hrtimers.spend(time * MILLISECOND),
	),
	operation('void udelay(unsigned long usecs)', 'let simulated microseconds pass', ({ kernel }, time = 0) =>
		kernel.contexts.hrtimers.spend(time * MICROSECOND),
	),
	operation('void ndelay(unsigned long nsecs)', 'let simulated nanoseconds pass', ({ kernel }, time = 0) =>
		kernel.contexts.hrtimers.spend(time),
	),
	operation('int cond_resched(void)', 'let others run, where due', () => 0),
	query('u64 ktime_get_ns(void)', 'nanoseconds since boot', ({ kernel }) => BigInt(Math.floor(kernel.context.timeNs)), {
		since: '3.17',
	}),
];

const copy = ({ kernel }: Environment, target: number, source: number, bytes: number): number => {
	checkExtent('memcpy', bytes);
	// Away from where they overlap, so that what is still to be read is not overwritten.
	const isBackward = target > source && target < source + bytes;
	for (let done = 0; done < bytes; done++) {
		const at = isBackward ? bytes - 1 - done : done;
		kernel.write(virtual(target + at), 1, kernel.read(virtual(source + at), 1));
	}
	return target;
};

const compare = ({ kernel }: Environment, left: number, right: number, limit: number, stopsAtZero: boolean): number => {
	for (let at = 0; at < limit; at++) {
		const a = Number(kernel.read(virtual(left + at), 1));
		const b = Number(kernel.read(virtual(right + at), 1));
		if (a !== b) return a < b ? -1 : 1;
		if (stopsAtZero && a === 0) return 0;
	}
	return 0;
};

const writeString = ({ kernel }: Environment, target: number, text: string): void => {
	for (let at = 0; at <= text.length; at++) {
		kernel.write(virtual(target + at), 1, BigInt(at < text.length ? text.charCodeAt(at) : 0));
	}
};

/** lib/string.c */
export const stringBuiltins = [
	operation(
		'void *memset(void *s, int c, size_t count)',
		'set bytes',
		({ kernel }, target = 0, byte = 0, bytes = 0) => {
			checkExtent('memset', bytes);
			fill(kernel, target, byte, bytes);
			return target;
		},
	),
	operation(
		'void *memcpy(void *dest, const void *src, size_t count)',
		'copy bytes',
		(env, target = 0, source = 0, bytes = 0) => copy(env, target, source, bytes),
	),
	operation(
		'void *memmove(void *dest, const void *src, size_t count)',
		'copy bytes that may overlap',
		(env, target = 0, source = 0, bytes = 0) => copy(env, target, source, bytes),
	),
	query(
		'int memcmp(const void *cs, const void *ct, size_t count)',
		'compare bytes',
		(env, left = 0, right = 0, bytes = 0) => compare(env, left, right, bytes, false),
	),
	query('int strcmp(const char *cs, const char *ct)', 'compare strings', (env, left = 0, right = 0) =>
		compare(env, left, right, Number.MAX_SAFE_INTEGER, true),
	),
	query(
		'int strncmp(const char *cs, const char *ct, size_t count)',
		'compare at most count characters',
		(env, left = 0, right = 0, limit = 0) => compare(env, left, right, limit, true),
	),
	query(
		'size_t strlen(const char *s)',
		'characters before the zero byte',
		(env, address = 0) => env.readString(address).length,
	),
	operation('char *strcpy(char *dest, const char *src)', 'copy a string', (env, target = 0, source = 0) => {
		writeString(env, target, env.readString(source));
		return target;
	}),
	operation(
		'char *strncpy(char *dest, const char *src, size_t count)',
		'copy at most count characters, the rest zeros',
		(env, target = 0, source = 0, count = 0) => {
			const text = env.readString(source, count);
			for (let at = 0; at < count; at++)
				env.kernel.write(virtual(target + at), 1, BigInt(at < text.length ? text.charCodeAt(at) : 0));
			return target;
		},
	),
	operation(
		'size_t strlcpy(char *dest, const char *src, size_t size)',
		'copy a string into a buffer of size bytes',
		(env, target = 0, source = 0, size = 0) => {
			const text = env.readString(source);
			if (size > 0) writeString(env, target, text.slice(0, size - 1));
			return text.length;
		},
		{ before: '6.8' },
	),
	operation(
		'ssize_t strscpy(char *dest, const char *src, size_t size)',
		'copy a string into a buffer of size bytes',
		(env, target = 0, source = 0, size = 0) => {
			const text = env.readString(source);
			if (size > 0) writeString(env, target, text.slice(0, size - 1));
			// -E2BIG when it did not fit.
			return text.length < size ? text.length : -7;
		},
		{ since: '4.3' },
	),
	operation('char *__hex_asc(void)', 'what hex_asc stands on', env => env.kernelText('0123456789abcdef')),
	operation('char *strcat(char *dest, const char *src)', 'append a string', (env, target = 0, source = 0) => {
		writeString(env, target + env.readString(target).length, env.readString(source));
		return target;
	}),
];
