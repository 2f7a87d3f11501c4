import { phrase, type Text } from '../../phrases/phrase.ts';
import type { Found } from '../boot-log/log-facts.ts';
import { isYounger } from './meminfo.ts';
import { noProcFacts, type ProcFacts } from './proc-facts.ts';

/** One kind of file: its name, where it begins in the facts, and how it goes over to others. */
interface Kind {
	readonly name: string;
	readonly placeOf: (facts: ProcFacts) => number | undefined;
	readonly move: (from: ProcFacts, to: ProcFacts) => void;
}

const firstOf = (rows: readonly Found<unknown>[]): number | undefined => rows[0]?.line;

const KINDS: readonly Kind[] = [
	{
		name: '/proc/version',
		placeOf: ({ version }) => version?.line,
		move: (from, to) => {
			if (from.version) to.version = from.version;
		},
	},
	{
		name: '/proc/cmdline',
		placeOf: ({ commandLine }) => commandLine?.line,
		move: (from, to) => {
			if (from.commandLine) to.commandLine = from.commandLine;
		},
	},
	{
		name: '/proc/cpuinfo',
		placeOf: ({ cpu }) => cpu.count?.line ?? cpu.arch?.line,
		move: (from, to) => {
			to.cpu = from.cpu;
		},
	},
	{
		name: '/proc/iomem',
		placeOf: ({ ram, hiddenIomem, pcWords }) => firstOf(ram) ?? hiddenIomem?.line ?? pcWords?.line,
		move: (from, to) => {
			to.ram.push(...from.ram);
			if (from.image) to.image = from.image;
			if (from.pcWords) to.pcWords = from.pcWords;
			if (from.hiddenIomem) to.hiddenIomem = from.hiddenIomem;
		},
	},
	{
		name: '/proc/meminfo',
		placeOf: ({ meminfo }) => firstOf([...meminfo.values()]),
		move: (from, to) => {
			for (const [name, value] of from.meminfo) to.meminfo.set(name, value);
		},
	},
	{
		name: '/proc/vmallocinfo',
		placeOf: ({ vmalloc }) => firstOf(vmalloc),
		move: (from, to) => {
			to.vmalloc.push(...from.vmalloc);
		},
	},
	{
		name: '/proc/zoneinfo',
		placeOf: ({ zones }) => firstOf(zones),
		move: (from, to) => {
			to.zones.push(...from.zones);
		},
	},
	{
		name: '/proc/buddyinfo',
		placeOf: ({ buddy }) => firstOf(buddy),
		move: (from, to) => {
			to.buddy.push(...from.buddy);
		},
	},
];

/**
 * The facts of several texts as one. Of a file that is there twice the first counts: two may be of two machines, or of two
 * times.
 */
export const combineFacts = (
	all: readonly ProcFacts[],
	placeText: (place: number) => string,
): { readonly facts: ProcFacts; readonly notes: readonly Text[] } => {
	const facts = noProcFacts();
	const notes: Text[] = [];
	for (const one of all) {
		if (one.wide) facts.wide ??= one.wide;
		facts.damaged.push(...one.damaged);
		if (one.dated && isYounger(one.dated.value.release, facts.dated?.value.release)) facts.dated = one.dated;
		for (const { name, placeOf, move } of KINDS) {
			const place = placeOf(one);
			if (place === undefined) continue;
			const before = placeOf(facts);
			if (before === undefined) move(one, facts);
			else {
				const values = { place: placeText(place), name, before: placeText(before) };
				notes.push(phrase('{place}: another {name}; that of {before} is read', values));
			}
		}
	}
	return { facts, notes };
};
