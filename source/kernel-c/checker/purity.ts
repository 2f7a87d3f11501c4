import { phrase, type Text } from '../../phrases/phrase.ts';
import type { Expression } from '../tree.ts';

/** Why an expression would change the kernel or a variable, or undefined when it only looks. */
export const impurity = (expression: Expression): Text | undefined => {
	switch (expression.kind) {
		case 'assign':
		case 'update':
		case 'copy':
			return 'it assigns';
		case 'call':
			return phrase('it calls {name}', { name: expression.symbol.name });
		case 'call-pointer':
			return 'it calls a function';
		case 'block':
			return 'it runs statements';
		case 'string':
			return 'it needs memory for a string';
		case 'address':
			return expression.variable.kind === 'global' && expression.variable.address !== 0
				? undefined
				: phrase('{name} has no address yet', { name: expression.variable.name });
		case 'builtin':
			if (!expression.builtin.isPure) return phrase('it calls {name}', { name: expression.builtin.name });
			return first(expression.args);
		case 'memory':
			return impurity(expression.address);
		case 'element':
			return impurity(expression.index);
		case 'convert':
		case 'unary':
		case 'not':
			return impurity(expression.operand);
		case 'binary':
		case 'difference':
		case 'logical':
		case 'comma':
			return first([expression.left, expression.right]);
		case 'offset':
			return first([expression.pointer, expression.index]);
		case 'conditional':
			return first([expression.condition, expression.whenTrue, expression.whenFalse]);
		case 'constant':
		case 'variable':
		case 'function':
		case 'global':
		case 'old':
			return undefined;
	}
};

const first = (expressions: readonly (Expression | undefined)[]): Text | undefined => {
	for (const expression of expressions) {
		const reason = expression && impurity(expression);
		if (reason !== undefined) return reason;
	}
	return undefined;
};
