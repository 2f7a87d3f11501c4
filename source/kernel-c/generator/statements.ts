import type { Expression, Statement } from '../tree.ts';
import type { Emitter, Label, SwitchTarget } from './emitter.ts';
import { emitExpression } from './expressions.ts';

type StatementOf<K extends Statement['kind']> = Extract<Statement, { readonly kind: K }>;

export const emitStatement = (code: Emitter, statement: Statement): void => {
	switch (statement.kind) {
		case 'expression':
			tick(code, statement.at);
			emitExpression(code, statement.expression);
			if (statement.isResult) {
				const { type } = statement.expression;
				code.emit(vm => {
					const value = vm.pop();
					vm.result = { type, value };
				});
			} else code.emit(vm => void vm.pop());
			return;
		case 'reserve': {
			const { variable, isZeroed } = statement;
			code.emit(vm => {
				if (variable.kind === 'local') vm.reserve(variable, isZeroed);
			});
			return;
		}
		case 'block':
			for (const inner of statement.statements) emitStatement(code, inner);
			return;
		case 'if':
			emitIf(code, statement);
			return;
		case 'loop':
			emitLoop(code, statement);
			return;
		case 'switch':
			emitSwitch(code, statement);
			return;
		case 'case': {
			const target = code.switches.at(-1);
			const label = code.label();
			code.place(label);
			if (!target) return;
			if (statement.value === undefined) target.fallback = label;
			else target.cases.set(String(statement.value), label);
			return;
		}
		case 'break':
			jumpOut(code, code.breaks);
			return;
		case 'continue':
			jumpOut(code, code.continues);
			return;
		case 'goto':
			tick(code, statement.at);
			code.jump(code.named(statement.name));
			return;
		case 'label':
			code.place(code.named(statement.name));
			return;
		case 'return':
			tick(code, statement.at);
			if (statement.value) {
				emitExpression(code, statement.value);
				code.emit(vm => vm.leave(vm.pop()));
			} else code.emit(vm => vm.leave(0));
	}
};

/** Every statement counts against the budget, so that no loop runs for ever. */
const tick = (code: Emitter, at: number): void => {
	const where = code.where(at);
	code.emit(vm => vm.tick(where));
};

const jumpOut = (code: Emitter, labels: readonly Label[]): void => {
	const label = labels.at(-1);
	if (label) code.jump(label);
};

const emitIf = (code: Emitter, { at, condition, whenTrue, whenFalse }: StatementOf<'if'>): void => {
	const otherwise = code.label();
	const end = code.label();
	tick(code, at);
	emitExpression(code, condition);
	code.jumpIfFalse(otherwise);
	emitStatement(code, whenTrue);
	if (whenFalse) code.jump(end);
	code.place(otherwise);
	if (whenFalse) emitStatement(code, whenFalse);
	code.place(end);
};

const emitLoop = (code: Emitter, { at, condition, update, body, isTestedLast }: StatementOf<'loop'>): void => {
	const start = code.label();
	const next = code.label();
	const end = code.label();
	const test = (expression: Expression | undefined): void => {
		tick(code, at);
		if (!expression) return;
		emitExpression(code, expression);
		code.jumpIfFalse(end);
	};
	code.place(start);
	if (!isTestedLast) test(condition);
	code.breaks.push(end);
	code.continues.push(next);
	emitStatement(code, body);
	code.breaks.pop();
	code.continues.pop();
	code.place(next);
	if (update) {
		emitExpression(code, update);
		code.emit(vm => void vm.pop());
	}
	if (isTestedLast) test(condition);
	code.jump(start);
	code.place(end);
};

const emitSwitch = (code: Emitter, { at, value, body }: StatementOf<'switch'>): void => {
	const target: SwitchTarget = { cases: new Map(), fallback: undefined };
	const end = code.label();
	tick(code, at);
	emitExpression(code, value);
	code.emit(vm => {
		vm.pc = (target.cases.get(String(vm.pop())) ?? target.fallback ?? end).pc;
	});
	code.switches.push(target);
	code.breaks.push(end);
	emitStatement(code, body);
	code.breaks.pop();
	code.switches.pop();
	code.place(end);
};
