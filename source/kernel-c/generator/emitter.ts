import type { PreparedText } from '../preprocessor/preprocessor.ts';
import type { Instruction } from '../vm.ts';

/** A place in the code that is not known yet when a jump to it is written. */
export interface Label {
	pc: number;
}

export interface SwitchTarget {
	readonly cases: Map<string, Label>;
	fallback: Label | undefined;
}

/** Collects the instructions of one function. */
export class Emitter {
	readonly instructions: Instruction[] = [];
	readonly breaks: Label[] = [];
	readonly continues: Label[] = [];
	readonly switches: SwitchTarget[] = [];
	readonly labels = new Map<string, Label>();

	constructor(readonly prepared: PreparedText) {}

	emit(instruction: Instruction): void {
		this.instructions.push(instruction);
	}

	label(): Label {
		return { pc: -1 };
	}

	/** The label means the next instruction. */
	place(label: Label): void {
		label.pc = this.instructions.length;
	}

	jump(label: Label): void {
		this.emit(vm => {
			vm.pc = label.pc;
		});
	}

	jumpIfFalse(label: Label): void {
		this.emit(vm => {
			if (!vm.pop()) vm.pc = label.pc;
		});
	}

	jumpIfTrue(label: Label): void {
		this.emit(vm => {
			if (vm.pop()) vm.pc = label.pc;
		});
	}

	named(name: string): Label {
		const label = this.labels.get(name) ?? this.label();
		this.labels.set(name, label);
		return label;
	}

	/** `kmap.c:12:7` of an offset, worked out when it is asked for. */
	where(at: number): () => string {
		return () => this.prepared.file.where(this.prepared.place(at));
	}
}
