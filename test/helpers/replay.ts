import { VirtualTerminal } from './virtual-terminal.ts';

export interface CastEvent {
	readonly time: number;
	readonly kind: string;
	readonly data: string;
}

/** An asciicast version 2 file, read as players do. */
export const readCast = (cast: string): { header: Record<string, unknown>; events: CastEvent[] } => {
	const [header = '', ...lines] = cast.trimEnd().split('\n');
	return {
		header: JSON.parse(header),
		events: lines.map(line => {
			const [time, kind, data] = JSON.parse(line);
			return { time, kind, data };
		}),
	};
};

/** The screen after the whole recording, or after what happened up to a time in seconds. */
export const replay = async (cast: string, until = Number.POSITIVE_INFINITY): Promise<VirtualTerminal> => {
	const { header, events } = readCast(cast);
	const terminal = new VirtualTerminal(Number(header.width), Number(header.height));
	for (const { time, kind, data } of events) if (kind === 'o' && time <= until) terminal.write(data);
	await terminal.settle();
	return terminal;
};
