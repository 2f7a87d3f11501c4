import {
	array,
	type InferOutput,
	looseObject,
	nullable,
	number,
	object,
	optional,
	pipe,
	record,
	safeParse,
	string,
	transform,
	union,
	unknown,
} from 'valibot';
import { UserError } from '../machine/user-error.ts';
import { phrase } from '../phrases/phrase.ts';

/** Lines of the kernel log: a list, or just one. */
const Lines = optional(
	pipe(
		union([array(string()), string()]),
		transform(lines => [lines].flat()),
	),
	[],
);

/**
 * One boot of a real kernel, recorded by a probe module: what it was given, what its kernel was built with, and what the
 * kernel answered. Addresses are `0x…` texts.
 */
const RecordingSchema = looseObject({
	run: string(),
	arch: string(),
	kernel_version: nullable(string()),
	/** How the run ended: `module completed` when the kernel came up. */
	result: optional(string()),
	inputs: looseObject({ mem_MiB: number(), smp: number(), cmdline: string() }),
	config: record(string(), string()),
	boot: optional(
		looseObject({
			messages: optional(array(string()), []),
			/** One line, or several. */
			lowmem_line: Lines,
			only_mb: Lines,
			last_pfn: Lines,
			memory_line: optional(string()),
		}),
		{},
	),
	system_ram: optional(array(string()), []),
	zone_ranges: optional(array(string()), []),
	meminfo_kB: optional(record(string(), number()), {}),
	boot_layout: optional(record(string(), object({ start: string(), end: string(), size: string() })), {}),
	constants: optional(record(string(), unknown()), {}),
	zones: optional(
		array(object({ name: string(), start_pfn: number(), spanned: number(), present: number(), managed: number() })),
		[],
	),
	vmallocinfo_before: optional(array(string()), []),
	vmallocinfo_after: optional(array(string()), []),
	experiments: optional(array(looseObject({ op: string() })), []),
});

export type Recording = InferOutput<typeof RecordingSchema>;

/** One line of the trace: an operation, its arguments and what it gave. */
export type RecordedOperation = Recording['experiments'][number];

/** @throws {UserError} when the text is no recording; `where` names it. */
export const readRecording = (text: string, where: string): Recording => {
	let data: unknown;
	try {
		data = JSON.parse(text);
	} catch {
		throw new UserError('is not JSON', where);
	}
	const result = safeParse(RecordingSchema, data);
	if (result.success) return result.output;
	const [issue] = result.issues;
	const path = issue.path?.map(({ key }) => String(key)).join('.') ?? '';
	throw new UserError(phrase('is not a recording: {issue}', { issue: `${path} ${issue.message}`.trim() }), where);
};
