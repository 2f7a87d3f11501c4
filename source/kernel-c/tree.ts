import type { Builtin, KernelGlobal } from './builtins/builtin.ts';
import type { CType, FunctionType, IntegerType, PointerType } from './c-types.ts';
import type { Value } from './c-value.ts';
import type { BinaryOperator } from './integer-operations.ts';

/**
 * A C program after checking: names are resolved, types known, every implicit conversion written out. The generator
 * turns it into instructions without asking anything further.
 */

/** A variable. Its value lives in a slot until its address is taken; arrays and structs live in memory at once. */
export interface LocalVariable {
	readonly kind: 'local';
	readonly name: string;
	type: CType;
	readonly slot: number;
}

export interface GlobalVariable {
	readonly kind: 'global';
	readonly name: string;
	type: CType;
	value: Value;
	/** 0 until it has one. */
	address: number;
	/** Made by an assignment in the command bar, which may also change its type. */
	readonly isImplicit: boolean;
}

export type Variable = LocalVariable | GlobalVariable;

export interface FunctionSymbol {
	readonly kind: 'function';
	readonly name: string;
	readonly type: FunctionType;
	readonly isStatic: boolean;
	/** undefined until its definition is read. */
	body: Statement | undefined;
	/** Parameters take the first slots. */
	parameters: readonly LocalVariable[];
	slots: number;
	/** Where pointers to it point; 0 until the module is loaded. */
	address: number;
}

interface Node<T extends CType = CType> {
	readonly type: T;
	/** Offset in the prepared text. */
	readonly at: number;
}

export type Expression =
	| (Node & { readonly kind: 'constant'; readonly value: Value })
	| (Node & { readonly kind: 'string'; readonly text: string })
	| (Node & { readonly kind: 'variable'; readonly variable: Variable })
	/** What lies at an address; an lvalue. */
	| (Node & { readonly kind: 'memory'; readonly address: Expression })
	| (Node & { readonly kind: 'address'; readonly variable: Variable })
	| (Node & { readonly kind: 'function'; readonly symbol: FunctionSymbol })
	| (Node & { readonly kind: 'global'; readonly global: KernelGlobal })
	/** An element of one of the kernel's own arrays: pkmap_count[i]. */
	| (Node & { readonly kind: 'element'; readonly global: KernelGlobal; readonly index: Expression })
	| (Node & { readonly kind: 'convert'; readonly operand: Expression })
	| (Node<IntegerType> & { readonly kind: 'unary'; readonly operator: '-' | '~'; readonly operand: Expression })
	| (Node<IntegerType> & { readonly kind: 'not'; readonly operand: Expression })
	| (Node<IntegerType> & {
			readonly kind: 'binary';
			readonly operator: BinaryOperator;
			/** Type in which the operator works; that of comparisons differs from the result's. */
			readonly operation: IntegerType;
			readonly left: Expression;
			readonly right: Expression;
	  })
	/** Pointer plus or minus an integer times the size of what it points to. */
	| (Node<PointerType> & {
			readonly kind: 'offset';
			readonly pointer: Expression;
			readonly index: Expression;
			readonly scale: number;
	  })
	| (Node<IntegerType> & {
			readonly kind: 'difference';
			readonly left: Expression;
			readonly right: Expression;
			readonly scale: number;
	  })
	| (Node<IntegerType> & {
			readonly kind: 'logical';
			readonly operator: '&&' | '||';
			readonly left: Expression;
			readonly right: Expression;
	  })
	| (Node & {
			readonly kind: 'conditional';
			readonly condition: Expression;
			/** undefined in GNU's `a ?: b`. */
			readonly whenTrue: Expression | undefined;
			readonly whenFalse: Expression;
	  })
	| (Node & { readonly kind: 'comma'; readonly left: Expression; readonly right: Expression })
	| (Node & { readonly kind: 'assign'; readonly target: Expression; readonly value: Expression })
	/** `target op= ...`, `target++`: `compute` holds one `old`, its leftmost leaf, for the target's value. */
	| (Node & {
			readonly kind: 'update';
			readonly target: Expression;
			readonly compute: Expression;
			readonly isPostfix: boolean;
	  })
	| (Node & { readonly kind: 'old' })
	/** Copies a struct; the value is the target's address. */
	| (Node & { readonly kind: 'copy'; readonly target: Expression; readonly source: Expression; readonly bytes: number })
	| (Node & { readonly kind: 'call'; readonly symbol: FunctionSymbol; readonly args: readonly Expression[] })
	| (Node & { readonly kind: 'call-pointer'; readonly pointer: Expression; readonly args: readonly Expression[] })
	| (Node & { readonly kind: 'builtin'; readonly builtin: Builtin; readonly args: readonly Expression[] })
	/** GNU's `({ ... })`. */
	| (Node & {
			readonly kind: 'block';
			readonly statements: readonly Statement[];
			readonly value: Expression | undefined;
	  });

export type ExpressionOf<K extends Expression['kind']> = Extract<Expression, { readonly kind: K }>;

interface StatementNode {
	readonly at: number;
}

export type Statement =
	| (StatementNode & { readonly kind: 'expression'; readonly expression: Expression; readonly isResult: boolean })
	/** A local array or struct begins to live: it takes memory, zeroed when it has an initialiser. */
	| (StatementNode & { readonly kind: 'reserve'; readonly variable: Variable; readonly isZeroed: boolean })
	| (StatementNode & { readonly kind: 'block'; readonly statements: readonly Statement[] })
	| (StatementNode & {
			readonly kind: 'if';
			readonly condition: Expression;
			readonly whenTrue: Statement;
			readonly whenFalse: Statement | undefined;
	  })
	| (StatementNode & {
			readonly kind: 'loop';
			readonly condition: Expression | undefined;
			readonly update: Expression | undefined;
			readonly body: Statement;
			/** do ... while */
			readonly isTestedLast: boolean;
	  })
	| (StatementNode & { readonly kind: 'switch'; readonly value: Expression; readonly body: Statement })
	/** `value` undefined: default. */
	| (StatementNode & { readonly kind: 'case'; readonly value: Value | undefined })
	| (StatementNode & { readonly kind: 'break' | 'continue' })
	| (StatementNode & { readonly kind: 'return'; readonly value: Expression | undefined })
	| (StatementNode & { readonly kind: 'goto' | 'label'; readonly name: string });
