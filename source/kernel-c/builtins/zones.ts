import type { MemoryView, ZoneView } from '../../memory/memory-view.ts';
import { INT } from '../c-types.ts';
import type { KernelConstant } from '../kernel-names.ts';
import { type BuiltinRow, type Environment, query } from './builtin.ts';
import { frameOf } from './pages.ts';

/** Where the struct zones would lie: they are not simulated byte for byte, but their addresses differ. */
const ZONES_OFFSET = 0x50000;
const ZONE_BYTES = 0x400;

const addressOf = ({ kernel }: Environment, index: number): number =>
	(kernel.view.layout.pageOffset + ZONES_OFFSET + index * ZONE_BYTES) >>> 0;

const zoneAt = (env: Environment, address: number): ZoneView => {
	env.touch(address);
	const zone = env.kernel.view.pages.zones[(address - addressOf(env, 0)) / ZONE_BYTES];
	return zone ?? env.fault(['bad zone'], 'this is not the address of a struct zone');
};

const member = (name: string, type: string, read: (zone: ZoneView) => number): [string, BuiltinRow] => [
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
			env.literal(zoneAt(env, zone).name, true),
		),
	],
]);

/** enum zone_type: the zones that this kernel has, in its order. */
export const zoneNumbers = (view: MemoryView): ReadonlyMap<string, KernelConstant> =>
	new Map(view.pages.zones.map(({ name }, value) => [`ZONE_${name.toUpperCase()}`, { type: INT, value }]));

/** include/linux/mmzone.h */
export const zoneBuiltins = [
	query('struct zone *page_zone(struct page *page)', 'the zone that the page lies in', (env, page = 0) => {
		const { pages } = env.kernel.view;
		const name = pages.page(frameOf(env, page))?.zone;
		return addressOf(
			env,
			pages.zones.findIndex(zone => zone.name === name),
		);
	}),
	query('struct zone *__zone_number(int number)', 'what for_each_zone stands on', (env, number = 0) =>
		number < env.kernel.view.pages.zones.length ? addressOf(env, number) : 0,
	),
	query('int zone_idx(struct zone *zone)', 'number of a zone', (env, zone = 0) => {
		const { name } = zoneAt(env, zone);
		return env.kernel.view.pages.zones.findIndex(candidate => candidate.name === name);
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
