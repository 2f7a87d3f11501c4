import { atLeast } from './kernel-version.ts';
import type { Machine } from './machine.ts';

/** CONFIG_STRICT_KERNEL_RWX and CONFIG_STRICT_MODULE_RWX: text and read-only data may not be written. */
export const isStrictKernel = ({ kernel, report }: Machine): boolean => report?.isStrict ?? atLeast(kernel, '4.11');
