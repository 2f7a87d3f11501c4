import { virtual } from '../../machine/address.ts';
import { SLEEPS } from '../builtins/builtin.ts';
import { sizeOf } from '../c-types.ts';
import { convert, type Value } from '../c-value.ts';
import type { Expression, ExpressionOf } from '../tree.ts';
import type { Vm } from '../vm.ts';
import type { Emitter } from './emitter.ts';
import { emitExpression } from './expressions.ts';

const takeArguments = (vm: Vm, count: number): Value[] => vm.stack.splice(vm.stack.length - count, count);

export const emitCall = (code: Emitter, { symbol, args }: ExpressionOf<'call'>): void => {
	for (const argument of args) emitExpression(code, argument);
	code.emit(vm => vm.call(symbol, takeArguments(vm, args.length)));
};

/** arch/arm/kernel/traps.c: do_undefinstr, arch/x86/kernel/traps.c. */
const UNDEFINED = { arm: 'Internal error: Oops - undefined instruction: 0', x86: 'invalid opcode: 0000' } as const;

/** The one instruction that is understood: return to the caller (`ret`, `bx lr`). */
const RETURNS = { arm: { word: 0xe12fff1e | 0, mask: -1 }, x86: { word: 0xc3, mask: 0xff } } as const;

export const emitPointerCall = (code: Emitter, { pointer, args }: ExpressionOf<'call-pointer'>): void => {
	emitExpression(code, pointer);
	for (const argument of args) emitExpression(code, argument);
	code.emit(vm => {
		const given = takeArguments(vm, args.length);
		const address = vm.popNumber();
		const symbol = vm.functionAt(address);
		if (symbol) {
			vm.call(symbol, given);
			return;
		}
		// The processor would fetch from there: what is not mapped faults, what is mapped holds no code.
		vm.kernel.fetch(virtual(address));
		const { arch } = vm.kernel.view.machine;
		const { word, mask } = RETURNS[arch];
		if ((Number(vm.kernel.read(virtual(address), 4)) & mask) === word) {
			vm.stack.push(0);
			return;
		}
		vm.trap(UNDEFINED[arch], 'a call of an address where no function lies');
	});
};

export const emitBuiltin = (code: Emitter, { builtin, args, type }: ExpressionOf<'builtin'>): void => {
	const types = args.map(argument => argument.type);
	for (const argument of args) emitArgument(code, argument, builtin.isVariadic);
	const count = args.length;
	const isVoid = type.kind === 'void';
	code.emit(vm => {
		const { stack } = vm;
		const result = builtin.run(vm, stack.slice(stack.length - count), types);
		if (result === SLEEPS) {
			vm.isSleeping = true;
			return;
		}
		stack.length -= count;
		stack.push(isVoid || result === undefined ? 0 : convert(type, result));
	});
};

/** A literal that only a format function reads need not be written to memory. */
const emitArgument = (code: Emitter, argument: Expression, isFormatted: boolean): void => {
	const inner = argument.kind === 'convert' && sizeOf(argument.type) === 4 ? argument.operand : argument;
	if (!isFormatted || inner.kind !== 'string') {
		emitExpression(code, argument);
		return;
	}
	code.emit(vm => vm.stack.push(vm.literal(inner.text, false)));
};
