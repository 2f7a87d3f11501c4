import { phrase } from '../../phrases/phrase.ts';
import { UserError } from '../user-error.ts';
import { isKnownOption, OPTIONS, type OptionKind, type OptionName } from './options.ts';

/** A value of the configuration and the line it stands in. */
interface ConfigValue {
	readonly value: string;
	readonly line: number;
}

/**
 * The options of a kernel's `.config` that have to do with its memory. A whole .config names what is off, or leaves it out
 * because nothing it depends on is there; a fragment or a defconfig says nothing about the options it leaves out.
 */
export class KernelConfig {
	readonly #values = new Map<OptionName, ConfigValue>();
	#release: ConfigValue | undefined;

	/**
	 * @param fileName What errors name as the place.
	 * @throws {UserError} `file:line` for a line about such an option that cannot be read; for a file that is no .config.
	 */
	constructor(
		text: string,
		readonly fileName: string,
	) {
		let isConfig = false;
		for (const [index, raw] of text.split('\n').entries()) {
			const line = raw.trimEnd();
			if (!line.includes('CONFIG_') && !line.startsWith('# Linux')) continue;
			if (/^(# )?CONFIG_\w+/.test(line)) isConfig = true;
			this.#readLine(line, index + 1);
		}
		if (!isConfig) {
			throw new UserError('is not a kernel configuration', fileName, 'a .config has lines like CONFIG_HIGHMEM=y');
		}
	}

	/** The release in the heading of the file, with the place of it for errors. */
	get release(): { readonly text: string; readonly where: string } | undefined {
		return this.#release && { text: this.#release.value, where: this.#where(this.#release.line) };
	}

	/** Whether this is a whole .config, in which what is left out is off. */
	get isComplete(): boolean {
		return this.#values.has('ARM') || this.#values.has('X86_32') || this.#values.has('X86_64');
	}

	/** Whether an option is on; undefined when a fragment does not mention it. */
	has(name: OptionName): boolean | undefined {
		const found = this.#values.get(name);
		if (found === undefined) return this.isComplete ? false : undefined;
		return found.value === 'y' || found.value === 'm';
	}

	/** Value of an option that is a number. */
	number(name: OptionName): number | undefined {
		const found = this.#values.get(name);
		return found === undefined || found.value === 'n' ? undefined : Number(found.value);
	}

	/** `file:line` of an option, or the file. */
	where(name: OptionName): string {
		const found = this.#values.get(name);
		return found ? this.#where(found.line) : this.fileName;
	}

	#where(line: number): string {
		return `${this.fileName}:${line}`;
	}

	#readLine(line: string, number: number): void {
		const heading = /^# Linux(?:\/\S+)?(?: kernel version:)? v?(\d\S*)/.exec(line)?.[1];
		if (heading !== undefined) this.#release ??= { value: heading, line: number };
		const off = /^# CONFIG_(\w+) is not set$/.exec(line)?.[1];
		if (off !== undefined) {
			if (isKnownOption(off)) this.#values.set(off, { value: 'n', line: number });
			return;
		}
		if (line.startsWith('#')) return;
		const [, name = '', value] = /^\s*CONFIG_(\w+)(?:=(.*))?/.exec(line) ?? [];
		if (!isKnownOption(name)) return;
		const kind: OptionKind = OPTIONS[name];
		if (value === undefined || line.startsWith(' ') || !FORMS[kind].pattern.test(value)) {
			throw new UserError(
				phrase('CONFIG_{name} cannot be read', { name }),
				this.#where(number),
				phrase('CONFIG_{name}={example}', { name, example: FORMS[kind].example }),
			);
		}
		this.#values.set(name, { value, line: number });
	}
}

const FORMS: Readonly<Record<OptionKind, { readonly pattern: RegExp; readonly example: string }>> = {
	bool: { pattern: /^[ymn]$/, example: 'y' },
	int: { pattern: /^\d{1,9}$/, example: '4' },
	hex: { pattern: /^0[xX][0-9a-fA-F]{1,9}$/, example: '0x80000000' },
};
