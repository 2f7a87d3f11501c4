/** ASCII, box drawing, blocks and geometric shapes: one code unit is one cell, without asking the Unicode tables. */
export const isSimple = /^[ -~\u2500-\u25fc\u00b7\u2190-\u2193]*$/;
