import * as v from 'valibot';
import { isNode, LineCounter, type ParsedNode, parseDocument } from 'yaml';
import { closest } from '../machine/closest.ts';
import { UserError } from '../machine/user-error.ts';
import { asPhrase, type Phrase, type PlainPhrase, phrase, verbatim } from '../phrases/phrase.ts';

/** Keys and list indices from the top of a YAML document down to a value. */
export type YamlPath = readonly (string | number)[];

/** Where in the file a value stands: `lesson.yaml:12:7`. */
export type Locate = (path: YamlPath) => string;

export interface YamlFile<T> {
	readonly value: T;
	readonly at: Locate;
}

type AnySchema = v.GenericSchema<unknown, unknown>;

/**
 * Read a YAML file and check it against a schema whose objects are strict: a key the schema does not know is a mistake.
 * @throws {UserError} for the first mistake, at its line and column.
 */
export const readYaml = <S extends AnySchema>(
	schema: S,
	text: string,
	fileName: string,
): YamlFile<v.InferOutput<S>> => {
	refuseBinary(text, fileName);
	const lines = new LineCounter();
	const place = (offset: number): string => {
		const { line, col } = lines.linePos(offset);
		return `${fileName}:${line}:${col}`;
	};
	const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
	const [error] = document.errors;
	if (error)
		throw new UserError(verbatim(error.message.replace(/:?\s*$/, '')), place(error.pos[0]), 'the file must be YAML');

	const at: Locate = path => place(offsetOf(document.contents, path));
	const plain = plainValue(document, fileName);
	const result = v.safeParse(schema, plain);
	if (result.success) return { value: result.output, at };
	throw mistake(mostTelling(result.issues), path => keysAt(schema, plain, path), at);
};

/** @throws {UserError} when the text cannot have come from a text file. */
export const refuseBinary = (text: string, fileName: string): void => {
	if (/[\u0000\ufffd]/.test(text)) throw new UserError('is not a text file', fileName, 'it must be UTF-8 text');
};

/** The plain value of the document. Aliases that would multiply without end make `toJS` throw a ReferenceError. */
const plainValue = (document: ReturnType<typeof parseDocument>, fileName: string): unknown => {
	try {
		return document.toJS({ maxAliasCount: 100 });
	} catch (error) {
		if (!(error instanceof ReferenceError)) throw error;
		throw new UserError('too many aliases', fileName, 'write the values out');
	}
};

type Issue = v.BaseIssue<unknown>;

const pathOf = (issue: Issue): YamlPath => (issue.path ?? []).map(item => item.key as string | number);

/** A union reports itself first; the alternative that got furthest into the value says what is really wrong. */
const mostTelling = (issues: readonly [Issue, ...Issue[]]): Issue => {
	const flat = (issue: Issue): readonly Issue[] =>
		issue.issues
			? issue.issues.flatMap(inner =>
					flat({ ...inner, path: [...(issue.path ?? []), ...(inner.path ?? [])] as Issue['path'] }),
				)
			: [issue];
	// A mistyped key is also a missing one; the former says what to mend.
	const first = issues.find(isUnknownKey) ?? issues[0];
	const alternatives = flat(first);
	const deepest = Math.max(...alternatives.map(issue => issue.path?.length ?? 0));
	if (deepest === (first.path?.length ?? 0)) return first;
	return alternatives.find(issue => issue.path?.length === deepest) ?? first;
};

const isUnknownKey = (issue: Issue): boolean => issue.type === 'strict_object' && issue.expected === 'never';
const isMissingKey = (issue: Issue): boolean =>
	/^(?:strict|loose)_object$/.test(issue.type) && issue.received === 'undefined' && (issue.path?.length ?? 0) > 0;

const mistake = (issue: Issue, keysOf: (path: YamlPath) => readonly string[], at: Locate): UserError => {
	const path = pathOf(issue);
	const key = String(path.at(-1) ?? '');
	if (isUnknownKey(issue)) {
		const known = keysOf(path.slice(0, -1));
		const meant = closest(key, known);
		const hint = meant
			? phrase('did you mean "{meant}"?', { meant })
			: phrase('known here: {known}', { known: known.join(', ') });
		return new UserError(phrase('unknown key "{key}"', { key }), at(path), hint);
	}
	if (isMissingKey(issue)) return new UserError(phrase('"{key}" is missing', { key }), at(path.slice(0, -1)));
	if (path.length === 0 && issue.received === 'null') {
		const known = keysOf(path).join(', ');
		return new UserError('the file is empty', at(path), phrase('known here: {known}', { known }));
	}
	const what = path.length === 0 ? phrase('the file') : `"${path.join('.')}"`;
	return new UserError(phrase('{what}: {issue}', { what, issue: wordsOf(issue) }), at(path));
};

/** A schema's own words, where those of valibot would not do: a plain phrase, which is said in the user's language. */
export const saying = (text: PlainPhrase): string => text;

/** valibot's own words speak of types and begin with "Invalid"; all others are given with `saying`. */
const wordsOf = (issue: Issue): Phrase => {
	if (!issue.message.startsWith('Invalid ')) return asPhrase(issue.message as PlainPhrase);
	const received = issue.received.replaceAll('"', '');
	const expected = issue.expected?.replaceAll('"', '') ?? '';
	const alternatives = /^\((.* \| .*)\)$/.exec(expected)?.[1];
	return alternatives === undefined
		? phrase('expected {expected}, found {received}', { expected, received })
		: phrase('expected one of {names}, found {received}', { names: alternatives.replaceAll(' | ', ', '), received });
};

interface SchemaShape {
	readonly entries?: Readonly<Record<string, SchemaShape>>;
	readonly item?: SchemaShape;
	readonly wrapped?: SchemaShape;
	/** Chooses the schema by what stands in the file. */
	readonly getter?: (input: unknown) => SchemaShape;
}

/** The keys that the schema knows for the object at `path` of the file. */
const keysAt = (schema: AnySchema, file: unknown, path: YamlPath): readonly string[] => {
	let value = file;
	let shape = unwrap(schema as SchemaShape, value);
	for (const key of path) {
		value = (value as Readonly<Record<string | number, unknown>> | undefined)?.[key];
		shape = unwrap(typeof key === 'number' ? shape?.item : shape?.entries?.[key], value);
	}
	return Object.keys(shape?.entries ?? {});
};

const unwrap = (shape: SchemaShape | undefined, value: unknown): SchemaShape | undefined => {
	const inner = shape?.wrapped ?? shape?.getter?.(value);
	return inner ? unwrap(inner, value) : shape;
};

/** Offset of a value in the text; of its key where it has one, of the nearest parent where it is missing. */
const offsetOf = (contents: unknown, path: YamlPath): number => {
	let offset = 0;
	let node: unknown = contents;
	if (isNode(node)) offset = (node as ParsedNode).range?.[0] ?? 0;
	for (const key of path) {
		const items: unknown = (node as { items?: unknown } | null)?.items;
		if (!Array.isArray(items)) break;
		const item: unknown = items.find((entry, index) =>
			typeof key === 'number' ? index === key : String(entry?.key?.value ?? entry?.key) === key,
		);
		if (item === undefined) break;
		const pair = item as { key?: ParsedNode; value?: ParsedNode | null; range?: readonly [number, number, number] };
		const shown = pair.key ?? pair;
		offset = shown.range?.[0] ?? offset;
		node = pair.key ? pair.value : pair;
	}
	return offset;
};
