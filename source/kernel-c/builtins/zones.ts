import { atLeast } from '../../machine/kernel-version.ts';
import { hasHighmem } from '../../machine/machine.ts';
import type { MemoryView, ZoneView } from '../../memory/memory-view.ts';
import { INT } from '../c-types.ts';
import type { KernelConstant } from '../kernel-names.ts';
import { ZONE_BYTES } from '../type-table.ts';
import { type BuiltinRow, type Environment, query } from './builtin.ts';
import { frameOf } from './pages.ts';

/** Where the one pg_data_t would lie, and its struct zones: they are not simulated byte for byte, but their addresses differ. */
const NODE_OFFSET = 0x4f000;
const ZONES_OFFSET = 0x50000;

const nodeAddress = ({ kernel }: Environment): number => (kernel.view.layout.pageOffset + NODE_OFFSET) >>> 0;

const addressOf = ({ kernel }: Environment, index: number): number =>
	(kernel.view.layout.pageOffset + ZONES_OFFSET + index * ZONE_BYTES) >>> 0;

interface ZoneFacts {
	readonly name: string;
	readonly startPfn: number;
	readonly spanned: number;
	readonly present: number;
	readonly managed: number;
	readonly free: number;
}

/** A zone without pages, as ZONE_MOVABLE is unless the command line asks for it (kernelcore=, movablecore=). */
const empty = (name: string): ZoneFacts => ({ name, startPfn: 0, spanned: 0, present: 0, managed: 0, free: 0 });

/** enum zone_type: every zone that the kernel is built with, ZONE_NORMAL always. */
const zonesOf = (view: MemoryView): readonly ZoneFacts[] => {
	const { zones } = view.pages;
	const hasDma = zones.some(({ name }) => name === 'DMA');
	const names = [
		...(hasDma ? ['DMA'] : []),
		'Normal',
		...(hasHighmem(view.machine) ? ['HighMem'] : []),
		...(atLeast(view.machine.kernel, '2.6.23') ? ['Movable'] : []),
	];
	return names.map(name => zones.find(zone => zone.name === name) ?? empty(name));
};

const zoneIndex = (env: Environment, page = 0): number => {
	const { view } = env.kernel;
	const name = view.pages.page(frameOf(env, page))?.zone;
	return zonesOf(view).findIndex(zone => zone.name === name);
};

const zoneAt = (env: Environment, address: number): ZoneFacts => {
	env.touch(address);
	const zone = zonesOf(env.kernel.view)[(address - addressOf(env, 0)) / ZONE_BYTES];
	return zone ?? env.fault(['bad zone'], 'this is not the address of a struct zone');
};

const member = (name: string, type: string, read: (zone: ZoneFacts) => number): [string, BuiltinRow] => [
	name,
	query(`${type} __zone_${name}(address zone)`, 'a member of a struct zone', (env, zone = 0) =>
		read(zoneAt(env, zone)),
	),
];

/** What `zone->...` can ask of a zone. */
export const ZONE_MEMBERS: ReadonlyMap<string, BuiltinRow> = new Map([
	member('zone_start_pfn', 'unsigned long', ({ startPfn }) => startPfn),
	member('spanned_pages', 'unsigned long', ({ spanned }) => spanned),
	member('present_pages', 'unsigned long', ({ present }) => present),
	member('managed_pages', 'unsigned long', ({ managed }) => managed),
	[
		'name',
		query('char *__zone_name(address zone)', 'a member of a struct zone', (env, zone = 0) =>
			env.kernelText(zoneAt(env, zone).name),
		),
	],
	[
		'zone_pgdat',
		query('struct pglist_data *__zone_pgdat(address zone)', 'the node that a zone belongs to', (env, zone = 0) => {
			zoneAt(env, zone);
			return nodeAddress(env);
		}),
	],
]);

const nodeMember = (name: string, type: string, read: (env: Environment) => number): [string, BuiltinRow] => [
	name,
	query(`${type} __node_${name}(address node)`, 'a member of a pg_data_t', (env, node = 0) => {
		env.touch(node);
		return node === nodeAddress(env) ? read(env) : env.fault(['bad node'], 'this is not the address of a pg_data_t');
	}),
];

const pagesOfNode = ({ kernel }: Environment, read: (zone: ZoneView) => number): readonly number[] =>
	kernel.view.pages.zones.filter(({ spanned }) => spanned > 0).map(read);

const startOfNode = (env: Environment): number => Math.min(...pagesOfNode(env, ({ startPfn }) => startPfn));

/** What `NODE_DATA(0)->...` can ask of the one node: these machines have no NUMA. */
export const NODE_MEMBERS: ReadonlyMap<string, BuiltinRow> = new Map([
	nodeMember('node_zones', 'struct zone *', env => addressOf(env, 0)),
	nodeMember('node_id', 'int', () => 0),
	nodeMember('nr_zones', 'int', ({ kernel }) => zonesOf(kernel.view).findLastIndex(({ present }) => present > 0) + 1),
	nodeMember('node_start_pfn', 'unsigned long', startOfNode),
	nodeMember('node_present_pages', 'unsigned long', env =>
		pagesOfNode(env, ({ present }) => present).reduce((sum, pages) => sum + pages, 0),
	),
	nodeMember(
		'node_spanned_pages',
		'unsigned long',
		env => Math.max(...pagesOfNode(env, ({ startPfn, spanned }) => startPfn + spanned)) - startOfNode(env),
	),
]);

/** enum zone_type: the zones that this kernel has, in its order. */
export const zoneNumbers = (view: MemoryView): ReadonlyMap<string, KernelConstant> => {
	const names = [...zonesOf(view).map(({ name }) => `ZONE_${name.toUpperCase()}`), 'MAX_NR_ZONES'];
	return new Map(names.map((name, value) => [name, { type: INT, value }]));
};

/** include/linux/mmzone.h */
export const zoneBuiltins = [
	query('struct zone *page_zone(struct page *page)', 'the zone that the page lies in', (env, page = 0) =>
		addressOf(env, zoneIndex(env, page)),
	),
	query('int page_zonenum(struct page *page)', 'number of the zone that the page lies in', zoneIndex),
	query('struct pglist_data *NODE_DATA(int node)', 'the one node of memory', (env, node = 0) =>
		node === 0 ? nodeAddress(env) : 0,
	),
	query('struct zone *__zone_number(int number)', 'what for_each_zone stands on', (env, number = 0) =>
		number < zonesOf(env.kernel.view).length ? addressOf(env, number) : 0,
	),
	query('int zone_idx(struct zone *zone)', 'number of a zone', (env, zone = 0) => {
		zoneAt(env, zone);
		return (zone - addressOf(env, 0)) / ZONE_BYTES;
	}),
	query(
		'unsigned long __zone_free(struct zone *zone)',
		'what zone_page_state stands on',
		(env, zone = 0) => zoneAt(env, zone).free,
	),
	query(
		'int is_highmem(struct zone *zone)',
		'whether a zone is ZONE_HIGHMEM',
		(env, zone = 0) => zoneAt(env, zone).name === 'HighMem',
	),
];
