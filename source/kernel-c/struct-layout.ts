import { alignOf, type CType, type IntegerType, SHORT, type StructField, type StructType, sizeOf } from './c-types.ts';

export interface StructMember {
	readonly name: string;
	readonly type: CType;
	/** Bits that a bit field takes; 0 ends its unit. */
	readonly width?: number | undefined;
}

/** Give the fields their offsets and the struct its size, as the compiler of that architecture does. */
export const completeStruct = (type: StructType, members: readonly StructMember[], longLongAlign: number): void => {
	const fields: StructField[] = [];
	/** In bits, as `next`. */
	let end = 0;
	let next = 0;
	let align = 1;
	for (const { name, type: member, width } of members) {
		const memberAlign = alignOf(member, longLongAlign);
		const unit = (sizeOf(member) ?? 0) * 8;
		if (type.keyword === 'union') next = 0;
		// A bit field goes on in the unit that has begun when it fits; everything else begins aligned.
		const fits = width !== undefined && width > 0 && Math.floor(next / unit) === Math.floor((next + width - 1) / unit);
		if (!fits) next = Math.ceil(next / (memberAlign * 8)) * memberAlign * 8;
		if (width === undefined || member.kind !== 'integer') {
			fields.push({ name, type: member, offset: next / 8 });
			next += unit;
		} else if (width > 0) {
			const offset = Math.floor(next / unit) * (unit / 8);
			if (name !== '') fields.push({ name, type: bitField(member, next - offset * 8, width), offset });
			next += width;
		}
		end = Math.max(end, next);
		if (width === undefined || name !== '') align = Math.max(align, memberAlign);
	}
	type.fields = fields;
	type.align = align;
	type.bytes = Math.ceil(end / 8 / align) * align;
};

/** The type of a bit field. Most are narrower than int, and count as such in arithmetic. */
const bitField = (type: IntegerType, shift: number, width: number): IntegerType => ({
	...type,
	name: `${type.name} : ${width}`,
	rank: Math.min(type.rank, SHORT.rank),
	bits: { shift, width },
});
