import { virtual } from '../machine/address.ts';
import { closest } from '../machine/closest.ts';
import { UserError } from '../machine/user-error.ts';
import { gfpBits } from '../memory/pages/gfp.ts';
import { phrase, verbatim } from '../phrases/phrase.ts';
import { type CType, sizeOf } from './c-types.ts';
import { convert, type Value } from './c-value.ts';
import type { ModuleParameter } from './checker/module-macros.ts';
import { parseNumber } from './literals.ts';
import type { ModuleProgram } from './program.ts';
import type { Vm } from './vm.ts';

/** A parameter and the values that it is given: several for an array. */
export interface GivenParameter {
	readonly parameter: ModuleParameter;
	readonly values: readonly string[];
}

/**
 * Read `name=value ...` behind the file of insmod, as kernel/params.c does.
 * @throws {UserError} for a name that the module does not have, and a value that does not suit its type.
 */
export const readParameters = (program: ModuleProgram, text: string): readonly GivenParameter[] => {
	const known = program.file.parameters;
	return [...text.matchAll(/([^\s=]+)(=("[^"]*"|\S*))?/g)].map(([whole, name = '', hasValue, written = '']) => {
		const parameter = known.find(candidate => candidate.name === name);
		if (!parameter) {
			const near = closest(
				name,
				known.map(candidate => candidate.name),
			);
			throw new UserError(
				phrase('module {module} has no parameter {name}', { module: program.name, name }),
				program.fileName,
				near === undefined
					? verbatim(known.map(candidate => candidate.name).join(', '))
					: phrase('did you mean {near}?', { near }),
			);
		}
		const { type } = parameter.variable;
		const value = written.replace(/^"|"$/g, '');
		const values = type.kind === 'array' ? value.split(',') : [hasValue === undefined ? '1' : value];
		const element = type.kind === 'array' ? type.of : type;
		const isBad = element.kind === 'integer' && values.some(one => readInteger(one) === undefined);
		const isTooLong = type.kind === 'array' && values.length > (type.length ?? 0);
		if (isBad || isTooLong || (element.kind !== 'integer' && element.kind !== 'pointer'))
			throw new UserError(
				phrase('{whole} does not suit parameter {name}', { whole, name }),
				program.fileName,
				'a whole number, as 3 or 0x10, or y and n',
			);
		return { parameter, values };
	});
};

/** Give the variables their values, which the module's own first values were before. */
export const setParameters = (vm: Vm, given: readonly GivenParameter[]): void => {
	for (const { parameter, values } of given) {
		const { variable } = parameter;
		const { type } = variable;
		if (type.kind !== 'array') {
			vm.write(variable, givenValue(vm, type, values[0] ?? ''));
			continue;
		}
		const address = vm.addressOf(variable);
		for (const [index, text] of values.entries())
			vm.store(type.of, address + index * (sizeOf(type.of) ?? 4), givenValue(vm, type.of, text));
	}
};

const givenValue = (vm: Vm, type: CType, text: string): Value =>
	type.kind === 'integer' ? convert(type, readInteger(text) ?? 0) : copyText(vm, text);

/** param_set_charp: the text gets memory of its own. */
const copyText = ({ kernel }: Vm, text: string): number => {
	const address = kernel.kmalloc(text.length + 1, gfpBits(kernel.view.machine.kernel).kernel);
	for (let at = 0; address !== 0 && at <= text.length; at++)
		kernel.write(virtual(address + at), 1, BigInt(text.charCodeAt(at) || 0));
	return address;
};

const readInteger = (text: string): Value | undefined => {
	if (/^[yY1]$/.test(text)) return 1;
	if (/^[nN0]$/.test(text)) return 0;
	const negative = text.startsWith('-');
	const number = parseNumber(negative ? text.slice(1) : text);
	if (!number) return undefined;
	return negative ? -number.value : number.value;
};

/** `hello.c count=3 name="x"`: the file, and what follows it. */
export const splitModuleArgument = (argument: string): readonly [path: string, parameters: string] => {
	const match = /^(.*?\.c)\s+(\S.*)$/s.exec(argument);
	return match?.[1] !== undefined && match[2] !== undefined ? [match[1], match[2]] : [argument, ''];
};
