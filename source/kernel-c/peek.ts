import { hex, virtual } from '../machine/address.ts';
import { UserError } from '../machine/user-error.ts';
import type { MemoryView } from '../memory/memory-view.ts';
import { phrase } from '../phrases/phrase.ts';

/** Little-endian bytes at an address, without any side effect. @throws {UserError} where nothing is mapped. */
export const peek = (view: MemoryView, address: number, bytes: number): bigint => {
	let value = 0n;
	for (let at = bytes - 1; at >= 0; at--) {
		const place = view.translate(virtual(address + at));
		if (!place) throw new UserError(phrase('nothing is mapped at {address}', { address: hex(address) }));
		value = (value << 8n) | BigInt(view.peek(place.physical, 1)[0] ?? 0);
	}
	return value;
};
