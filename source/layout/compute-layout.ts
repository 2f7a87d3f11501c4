import type { Machine } from '../machine/machine.ts';
import { armLayout } from './arm/arm-layout.ts';
import type { Layout } from './layout.ts';
import { x86Layout } from './x86/x86-layout.ts';

/** How this machine's kernel lays out its virtual addresses: a pure function of the machine. */
export const computeLayout = (machine: Machine): Layout =>
	machine.arch === 'arm' ? armLayout(machine) : x86Layout(machine);
