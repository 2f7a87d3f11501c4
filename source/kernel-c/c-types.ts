/** C types as a 32-bit kernel's compiler sees them: int, long and pointers are four bytes. */

export interface VoidType {
	readonly kind: 'void';
}

export interface IntegerType {
	readonly kind: 'integer';
	readonly name: string;
	readonly bytes: 1 | 2 | 4 | 8;
	readonly isSigned: boolean;
	/** Conversion rank: bool 0, char 1, short 2, int 3, long 4, long long 5. */
	readonly rank: number;
	/** Of a bit field: where it lies in its unit of `bytes`. */
	readonly bits?: BitRange;
}

export interface BitRange {
	/** From the lowest bit, on the little-endian machines that there are here. */
	readonly shift: number;
	readonly width: number;
}

export interface PointerType {
	readonly kind: 'pointer';
	readonly to: CType;
}

export interface ArrayType {
	readonly kind: 'array';
	readonly of: CType;
	/** Elements; undefined for `int a[]` before its initialiser is known. */
	readonly length: number | undefined;
}

export interface StructField {
	/** '' for an anonymous struct or union. */
	readonly name: string;
	readonly type: CType;
	readonly offset: number;
}

/** A struct or union. Completed in place when its body is read. */
export interface StructType {
	readonly kind: 'struct';
	readonly keyword: 'struct' | 'union';
	readonly tag: string;
	/** undefined while only the tag is known, and for the kernel's own structs, whose insides are not modelled. */
	fields: readonly StructField[] | undefined;
	/** 0 while incomplete. */
	bytes: number;
	align: number;
}

export interface FunctionType {
	readonly kind: 'function';
	readonly returns: CType;
	readonly parameters: readonly CType[];
	readonly isVariadic: boolean;
}

export type CType = VoidType | IntegerType | PointerType | ArrayType | StructType | FunctionType;

const integer = (name: string, bytes: IntegerType['bytes'], isSigned: boolean, rank: number): IntegerType => ({
	kind: 'integer',
	name,
	bytes,
	isSigned,
	rank,
});

export const VOID: VoidType = { kind: 'void' };
export const BOOL = integer('bool', 1, false, 0);
export const SIGNED_CHAR = integer('signed char', 1, true, 1);
export const UNSIGNED_CHAR = integer('unsigned char', 1, false, 1);
export const SHORT = integer('short', 2, true, 2);
export const UNSIGNED_SHORT = integer('unsigned short', 2, false, 2);
export const INT = integer('int', 4, true, 3);
export const UNSIGNED_INT = integer('unsigned int', 4, false, 3);
export const LONG = integer('long', 4, true, 4);
export const UNSIGNED_LONG = integer('unsigned long', 4, false, 4);
export const LONG_LONG = integer('long long', 8, true, 5);
export const UNSIGNED_LONG_LONG = integer('unsigned long long', 8, false, 5);
/** `char` differs by architecture and kernel; see TypeTable. */
export const plainChar = (isSigned: boolean): IntegerType => integer('char', 1, isSigned, 1);

export const pointerTo = (to: CType): PointerType => ({ kind: 'pointer', to });
export const arrayOf = (of: CType, length: number | undefined): ArrayType => ({ kind: 'array', of, length });
export const VOID_POINTER = pointerTo(VOID);

/** sizeof; undefined where C has none (an incomplete struct, an array of unknown length). void and functions are 1, as in GNU C. */
export const sizeOf = (type: CType): number | undefined => {
	switch (type.kind) {
		case 'void':
		case 'function':
			return 1;
		case 'integer':
			return type.bytes;
		case 'pointer':
			return 4;
		case 'array': {
			const element = sizeOf(type.of);
			return element === undefined || type.length === undefined ? undefined : element * type.length;
		}
		case 'struct':
			return type.bytes === 0 && type.fields === undefined ? undefined : type.bytes;
	}
};

/** Natural alignment. Only inside i386 structs are eight-byte integers aligned to four. */
export const alignOf = (type: CType, longLongAlign: number): number => {
	switch (type.kind) {
		case 'integer':
			return type.bytes === 8 ? longLongAlign : type.bytes;
		case 'pointer':
			return 4;
		case 'array':
			return alignOf(type.of, longLongAlign);
		case 'struct':
			return type.align;
		default:
			return 1;
	}
};

/** The type as C spells it: `struct page *`, `unsigned int [4]`. */
export const typeName = (type: CType, declarator = ''): string => {
	const spaced = declarator === '' || declarator.startsWith('[') ? declarator : ` ${declarator}`;
	switch (type.kind) {
		case 'void':
			return `void${spaced}`;
		case 'integer':
			return `${type.name}${declarator === '' ? '' : ` ${declarator}`}`;
		case 'struct':
			return `${type.keyword} ${type.tag === '' ? '{...}' : type.tag}${declarator === '' ? '' : ` ${declarator}`}`;
		case 'pointer': {
			const needsParentheses = type.to.kind === 'array' || type.to.kind === 'function';
			return typeName(type.to, needsParentheses ? `(*${declarator})` : `*${declarator}`);
		}
		case 'array':
			return typeName(type.of, `${declarator}[${type.length ?? ''}]`);
		case 'function': {
			const parameters = [
				...type.parameters.map(parameter => typeName(parameter)),
				...(type.isVariadic ? ['...'] : []),
			];
			return typeName(type.returns, `${declarator}(${parameters.length === 0 ? 'void' : parameters.join(', ')})`);
		}
	}
};

export const isInteger = (type: CType): type is IntegerType => type.kind === 'integer';
export const isPointer = (type: CType): type is PointerType => type.kind === 'pointer';
export const isScalar = (type: CType): type is IntegerType | PointerType => isInteger(type) || isPointer(type);

/** Whether two types are one and the same for C. Structs are by identity. */
export const isSameType = (a: CType, b: CType): boolean => {
	if (a === b) return true;
	switch (a.kind) {
		case 'void':
			return b.kind === 'void';
		case 'integer':
			return b.kind === 'integer' && a.name === b.name;
		case 'pointer':
			return b.kind === 'pointer' && isSameType(a.to, b.to);
		case 'array':
			return b.kind === 'array' && isSameType(a.of, b.of) && a.length === b.length;
		case 'struct':
			return false;
		case 'function':
			return (
				b.kind === 'function' &&
				isSameType(a.returns, b.returns) &&
				a.isVariadic === b.isVariadic &&
				a.parameters.length === b.parameters.length &&
				a.parameters.every((parameter, index) => isSameType(parameter, b.parameters[index] ?? VOID))
			);
	}
};

/** Integer promotion: what is narrower than int becomes int. */
export const promote = (type: IntegerType): IntegerType => (type.rank < INT.rank ? INT : type);

/** The usual arithmetic conversions: the type in which an operator works on two integers. */
export const commonType = (a: IntegerType, b: IntegerType): IntegerType => {
	const left = promote(a);
	const right = promote(b);
	if (left.isSigned === right.isSigned) return left.rank >= right.rank ? left : right;
	const [unsigned, signed] = left.isSigned ? [right, left] : [left, right];
	if (unsigned.rank >= signed.rank) return unsigned;
	if (signed.bytes > unsigned.bytes) return signed;
	// long and unsigned int are equally wide here, so the result is unsigned long.
	return signed.rank === LONG.rank ? UNSIGNED_LONG : UNSIGNED_LONG_LONG;
};

/** The field of that name, those of anonymous members included, with its offset in the whole struct. */
export const findField = (type: StructType, name: string): StructField | undefined => {
	for (const field of type.fields ?? []) {
		if (field.name === name) return field;
		if (field.name === '' && field.type.kind === 'struct') {
			const inner = findField(field.type, name);
			if (inner) return { ...inner, offset: field.offset + inner.offset };
		}
	}
	return undefined;
};
