/** How fields are spelled in YAML files: `nrCpus` of the code is `nr_cpus` there. */

export type Fields = Readonly<Record<string, unknown>>;

/** `nrCpus` to `nr_cpus`. */
export const spelled = (name: string): string => name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);

/** `nr_cpus` to `nrCpus`. */
export const unspelled = (name: string): string =>
	name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

export const isFields = (value: unknown): value is Fields =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** The fields, and those within, under other names. What is undefined is left out. */
export const renamed = (fields: Fields, rename: (name: string) => string): Fields =>
	Object.fromEntries(
		Object.entries(fields)
			.filter(([, value]) => value !== undefined)
			.map(([name, value]) => [rename(name), renamedWithin(value, rename)]),
	);

const renamedWithin = (value: unknown, rename: (name: string) => string): unknown => {
	if (Array.isArray(value)) return value.map(each => renamedWithin(each, rename));
	return isFields(value) ? renamed(value, rename) : value;
};
