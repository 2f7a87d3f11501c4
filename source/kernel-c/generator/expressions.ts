import { UserError } from '../../machine/user-error.ts';
import { phrase } from '../../phrases/phrase.ts';
import { type CType, isScalar } from '../c-types.ts';
import { convert, type Value } from '../c-value.ts';
import { fold } from '../checker/fold.ts';
import { binaryOperation } from '../integer-operations.ts';
import type { Expression, ExpressionOf } from '../tree.ts';
import type { Vm } from '../vm.ts';
import { emitBuiltin, emitCall, emitPointerCall } from './calls.ts';
import type { Emitter } from './emitter.ts';
import { emitStatement } from './statements.ts';

/** Instructions that leave the expression's value on the stack; structs leave their address, void leaves 0. */
export const emitExpression = (code: Emitter, expression: Expression): void => {
	const folded = fold(expression);
	if (folded !== undefined && isScalar(expression.type)) {
		const value = convert(expression.type, folded);
		code.emit(vm => vm.stack.push(value));
		return;
	}
	switch (expression.kind) {
		case 'constant':
		case 'old':
			return;
		case 'string':
			code.emit(vm => vm.stack.push(vm.literal(expression.text, true)));
			return;
		case 'variable': {
			const { variable } = expression;
			if (isScalar(expression.type)) code.emit(vm => vm.stack.push(vm.read(variable)));
			else code.emit(vm => vm.stack.push(vm.addressOf(variable)));
			return;
		}
		case 'address': {
			const { variable } = expression;
			code.emit(vm => vm.stack.push(vm.addressOf(variable)));
			return;
		}
		case 'memory': {
			const { type } = expression;
			emitExpression(code, expression.address);
			if (isScalar(type)) code.emit(vm => vm.stack.push(vm.load(type, vm.popNumber())));
			return;
		}
		case 'function':
			code.emit(vm => vm.stack.push(expression.symbol.address));
			return;
		case 'global': {
			const { global } = expression;
			code.emit(vm => vm.stack.push(convert(global.type, global.read(vm.kernel, 0))));
			return;
		}
		case 'element':
			emitElement(code, expression);
			return;
		case 'convert':
			emitExpression(code, expression.operand);
			emitConversion(code, expression.type, expression.operand.type);
			return;
		case 'unary': {
			const { type, operator } = expression;
			emitExpression(code, expression.operand);
			if (operator === '-') code.emit(vm => vm.stack.push(convert(type, -vm.pop())));
			else code.emit(vm => vm.stack.push(convert(type, ~vm.pop())));
			return;
		}
		case 'not':
			emitExpression(code, expression.operand);
			code.emit(vm => vm.stack.push(vm.pop() ? 0 : 1));
			return;
		case 'binary':
			emitBinary(code, expression);
			return;
		case 'offset': {
			const { scale } = expression;
			emitExpression(code, expression.pointer);
			emitExpression(code, expression.index);
			code.emit(vm => {
				const index = vm.popNumber();
				// 32-bit multiplication wraps as the processor's does.
				vm.stack.push((vm.popNumber() + Math.imul(index, scale)) >>> 0);
			});
			return;
		}
		case 'difference': {
			const { scale } = expression;
			emitExpression(code, expression.left);
			emitExpression(code, expression.right);
			code.emit(vm => {
				const right = vm.popNumber();
				vm.stack.push(Math.trunc(((vm.popNumber() - right) | 0) / scale));
			});
			return;
		}
		case 'logical':
			emitLogical(code, expression);
			return;
		case 'conditional':
			emitConditional(code, expression);
			return;
		case 'comma':
			emitExpression(code, expression.left);
			code.emit(vm => void vm.pop());
			emitExpression(code, expression.right);
			return;
		case 'assign':
			emitAssign(code, expression);
			return;
		case 'update':
			emitUpdate(code, expression);
			return;
		case 'copy':
			emitCopy(code, expression);
			return;
		case 'call':
			emitCall(code, expression);
			return;
		case 'call-pointer':
			emitPointerCall(code, expression);
			return;
		case 'builtin':
			emitBuiltin(code, expression);
			return;
		case 'block':
			for (const statement of expression.statements) emitStatement(code, statement);
			if (expression.value) emitExpression(code, expression.value);
			else code.emit(vm => vm.stack.push(0));
	}
};

const emitConversion = (code: Emitter, to: CType, from: CType): void => {
	if (!isScalar(to)) return;
	// Between pointers, and where every value fits, nothing changes.
	if (to.kind === 'pointer' && from.kind !== 'integer') return;
	code.emit(vm => vm.stack.push(convert(to, vm.pop())));
};

const emitElement = (code: Emitter, { global, index }: ExpressionOf<'element'>): void => {
	const length = global.length ?? 0;
	emitExpression(code, index);
	code.emit(vm => {
		const at = vm.popNumber();
		if (at < 0 || at >= length) {
			throw new UserError(
				phrase('{name} has {length} elements, and none of number {at}', { name: global.name, length, at }),
			);
		}
		vm.stack.push(convert(global.type, global.read(vm.kernel, at)));
	});
};

const emitBinary = (code: Emitter, { operator, operation, left, right }: ExpressionOf<'binary'>): void => {
	const apply = binaryOperation(operator, operation);
	emitExpression(code, left);
	emitExpression(code, right);
	if (operator !== '/' && operator !== '%') {
		code.emit(vm => {
			const b = vm.pop();
			vm.stack.push(apply(vm.pop(), b));
		});
		return;
	}
	code.emit(vm => {
		const b = vm.pop();
		const a = vm.pop();
		vm.stack.push(b ? apply(a, b) : divideByZero(vm, a));
	});
};

/** arch/arm/kernel/traps.c: __div0 says so and goes on with 0; the x86 processor raises an exception. */
const divideByZero = (vm: Vm, dividend: Value): Value => {
	if (vm.isInspecting || vm.kernel.view.machine.arch === 'x86') {
		vm.trap('divide error: 0000', 'division by zero');
	}
	vm.kernel.printk('Division by zero in kernel.', 4);
	return typeof dividend === 'bigint' ? 0n : 0;
};

const emitLogical = (code: Emitter, { operator, left, right }: ExpressionOf<'logical'>): void => {
	const short = code.label();
	const end = code.label();
	emitExpression(code, left);
	if (operator === '&&') code.jumpIfFalse(short);
	else code.jumpIfTrue(short);
	emitExpression(code, right);
	code.emit(vm => vm.stack.push(vm.pop() ? 1 : 0));
	code.jump(end);
	code.place(short);
	code.emit(vm => vm.stack.push(operator === '&&' ? 0 : 1));
	code.place(end);
};

const emitConditional = (code: Emitter, { condition, whenTrue, whenFalse }: ExpressionOf<'conditional'>): void => {
	const otherwise = code.label();
	const end = code.label();
	emitExpression(code, condition);
	if (!whenTrue) {
		code.emit(vm => vm.stack.push(vm.stack.at(-1) ?? 0));
		code.jumpIfTrue(end);
		code.emit(vm => void vm.pop());
	} else {
		code.jumpIfFalse(otherwise);
		emitExpression(code, whenTrue);
		code.jump(end);
	}
	code.place(otherwise);
	emitExpression(code, whenFalse);
	code.place(end);
};

const emitAssign = (code: Emitter, { target, value, type }: ExpressionOf<'assign'>): void => {
	if (target.kind === 'variable') {
		const { variable } = target;
		emitExpression(code, value);
		code.emit(vm => vm.write(variable, vm.stack.at(-1) ?? 0));
		return;
	}
	if (target.kind !== 'memory') throw new Error(`${target.kind} is no lvalue`);
	emitExpression(code, target.address);
	emitExpression(code, value);
	code.emit(vm => {
		const given = vm.pop();
		vm.store(type, vm.popNumber(), given);
		vm.stack.push(given);
	});
};

/** The stack holds: old value to return (postfix), address (memory), old value to compute with. */
const emitUpdate = (code: Emitter, { target, compute, isPostfix, type }: ExpressionOf<'update'>): void => {
	if (target.kind === 'variable') {
		const { variable } = target;
		code.emit(vm => {
			const old = vm.read(variable);
			if (isPostfix) vm.stack.push(old);
			vm.stack.push(old);
		});
		emitExpression(code, compute);
		code.emit(vm => {
			const value = isPostfix ? vm.pop() : (vm.stack.at(-1) ?? 0);
			vm.write(variable, value);
		});
		return;
	}
	if (target.kind !== 'memory') throw new Error(`${target.kind} is no lvalue`);
	emitExpression(code, target.address);
	code.emit(vm => {
		const address = vm.popNumber();
		const old = vm.load(type, address);
		if (isPostfix) vm.stack.push(old);
		vm.stack.push(address, old);
	});
	emitExpression(code, compute);
	code.emit(vm => {
		const value = vm.pop();
		vm.store(type, vm.popNumber(), value);
		if (!isPostfix) vm.stack.push(value);
	});
};

const emitCopy = (code: Emitter, { target, source, bytes }: ExpressionOf<'copy'>): void => {
	emitExpression(code, target);
	emitExpression(code, source);
	code.emit(vm => {
		const from = vm.popNumber();
		const to = Number(vm.stack.at(-1) ?? 0);
		const byte: CType = { kind: 'integer', name: 'u8', bytes: 1, isSigned: false, rank: 1 };
		const data = Array.from({ length: bytes }, (_, at) => vm.load(byte, from + at));
		data.forEach((value, at) => {
			vm.store(byte, to + at, value);
		});
	});
};
