import { PAGE_SIZE } from '../../machine/address.ts';
import type { ProcessView } from '../../memory/memory-view.ts';
import { INT } from '../c-types.ts';
import { type BuiltinRow, type Environment, query } from './builtin.ts';
import { spaceAddress, spaceAt } from './page-tables.ts';

/** init_mm has two from the start (mm/init-mm.c); a process has itself, as there are no further threads in one. */
const INIT_USERS = 2;

/** The process whose struct mm_struct lies at an address; undefined for one without memory of its own, and for init_mm. */
const processAt = (env: Environment, address: number): ProcessView | undefined => {
	env.touch(address);
	const pid = spaceAt(env, address);
	if (pid === undefined) return env.fault(['bad mm_struct'], 'this is not the address of a struct mm_struct');
	return env.kernel.view.processes.find(process => process.pid === pid);
};

const member = (
	name: string,
	type: string,
	read: (env: Environment, process: ProcessView | undefined) => number,
): [string, BuiltinRow] => [
	name,
	query(`${type} __mm_${name}(address mm)`, 'a member of a struct mm_struct', (env, mm = 0) =>
		read(env, processAt(env, mm)),
	),
];

const pagesOf = (process: ProcessView | undefined): number =>
	(process?.areas ?? []).reduce((pages, { start, end }) => pages + (end - start) / PAGE_SIZE, 0);

/**
 * What `mm->...` can ask of an address space. Programs have no image here, so that nothing can be said of where their
 * code, data and stack lie.
 */
export const SPACE_MEMBERS: ReadonlyMap<string, BuiltinRow> = new Map([
	member('pgd', 'pgd_t *', ({ kernel }, process) => kernel.physToVirt(process?.root ?? kernel.view.paging.root)),
	member('map_count', 'int', (_, process) => process?.areas.length ?? 0),
	member('total_vm', 'unsigned long', (_, process) => pagesOf(process)),
	member(
		'task_size',
		'unsigned long',
		({ kernel }) => kernel.view.layout.symbols.get('TASK_SIZE') ?? kernel.view.layout.pageOffset,
	),
	[
		'mm_users',
		query('atomic_t *__mm_users_at(address mm)', 'a member of a struct mm_struct', (env, mm = 0) => {
			processAt(env, mm);
			const users = mm === spaceAddress(env, 0) ? INIT_USERS : 1;
			return env.kernelVariable({
				name: `mm_users at ${mm}`,
				signature: 'atomic_t mm_users',
				help: 'a member of a struct mm_struct',
				type: INT,
				length: undefined,
				read: () => users,
			});
		}),
	],
]);
