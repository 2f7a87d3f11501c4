import type { VirtualAddress } from '../../machine/address.ts';
import type { MemoryView } from '../../memory/memory-view.ts';
import type { Messages } from '../../messages/messages.ts';
import type { Theme } from '../painting/theme.ts';

/** What a view model is made from. */
export interface ModelContext {
	readonly view: MemoryView;
	/** Columns between the borders. */
	readonly width: number;
	readonly theme: Theme;
	readonly messages: Messages;
	/** Address that the page walk shows. */
	readonly walked: VirtualAddress;
}

/** Whether something that changed in that step is new: the newest act made it. Boot itself marks nothing. */
export const isNew = (view: MemoryView, changedAt: number): boolean => view.step > 0 && changedAt === view.step;
