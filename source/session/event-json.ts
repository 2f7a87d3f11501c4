import { hex } from '../machine/address.ts';
import { EVENT_FIELDS, type KernelEvent } from '../memory/event-types.ts';

/** An event as one line of JSON; addresses as `0x` + hex, everything else as it is. */
export const eventJson = (event: KernelEvent): string => {
	const kinds: Readonly<Record<string, string>> = EVENT_FIELDS[event.type];
	return JSON.stringify(event, (key, value: unknown) =>
		kinds[key] === 'address' && typeof value === 'number' ? hex(value) : value,
	);
};
