const BYTES_A_LINE = 16;
/** Two digits and a blank for each byte, and one blank more. */
const HEX_COLUMNS = BYTES_A_LINE * 3 + 1;

/** print_hex_dump (lib/hexdump.c) by single bytes, with what is printable of them: lines and where each begins. */
export const dumpBytes = (bytes: Uint8Array): readonly { readonly at: number; readonly text: string }[] => {
	const lines: { at: number; text: string }[] = [];
	for (let at = 0; at < bytes.length; at += BYTES_A_LINE) {
		const line = [...bytes.subarray(at, at + BYTES_A_LINE)];
		const digits = line.map(byte => byte.toString(16).padStart(2, '0')).join(' ');
		const letters = line.map(byte => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
		lines.push({ at, text: `${digits.padEnd(HEX_COLUMNS)}${letters}` });
	}
	return lines;
};
