import { type IntegerType, isPointer } from '../c-types.ts';
import { convert, type Value } from '../c-value.ts';
import { binaryOperation } from '../integer-operations.ts';
import type { Expression } from '../tree.ts';

/** The value of a constant expression, or undefined when it has none before the program runs. */
export const fold = (expression: Expression): Value | undefined => {
	switch (expression.kind) {
		case 'constant':
			return expression.value;
		case 'convert': {
			const value = fold(expression.operand);
			return value === undefined ? undefined : convert(expression.type, value);
		}
		case 'unary': {
			const value = fold(expression.operand);
			if (value === undefined) return undefined;
			return convert(expression.type, expression.operator === '-' ? -value : ~value);
		}
		case 'not': {
			const value = fold(expression.operand);
			return value === undefined ? undefined : Number(!value);
		}
		case 'binary': {
			const left = fold(expression.left);
			const right = fold(expression.right);
			if (left === undefined || right === undefined) return undefined;
			if ((expression.operator === '/' || expression.operator === '%') && !right) return undefined;
			return binaryOperation(expression.operator, expression.operation)(left, right);
		}
		case 'logical': {
			const left = fold(expression.left);
			if (left === undefined) return undefined;
			if (Boolean(left) === (expression.operator === '||')) return Number(Boolean(left));
			const right = fold(expression.right);
			return right === undefined ? undefined : Number(Boolean(right));
		}
		case 'conditional': {
			const condition = fold(expression.condition);
			if (condition === undefined) return undefined;
			if (!condition) return fold(expression.whenFalse);
			return expression.whenTrue ? fold(expression.whenTrue) : condition;
		}
		case 'offset': {
			const pointer = fold(expression.pointer);
			const index = fold(expression.index);
			if (pointer === undefined || index === undefined) return undefined;
			return convert(expression.type, Number(pointer) + Number(index) * expression.scale);
		}
		default:
			return undefined;
	}
};

/** Whether C takes the expression for a null pointer: the integer constant 0, or that cast to void *. */
export const isNull = (expression: Expression): boolean =>
	BigInt(fold(expression) ?? 1) === 0n &&
	(expression.type.kind === 'integer' || (isPointer(expression.type) && expression.type.to.kind === 'void'));

export const constant = (at: number, type: IntegerType, value: Value): Expression => ({
	kind: 'constant',
	at,
	type,
	value: convert(type, value),
});
