import type { AdviceKey } from '../memory/contexts/advice.ts';

/** 违反规则时，浏览器在内核日志旁给出的说明。 */
export const ADVICE_ZH: Readonly<Record<AdviceKey, string>> = {
	kmapWhileAtomic: 'kmap() 可能睡眠，却在禁止睡眠处被调用。pkmap 有空槽位时一切正常；没有空槽位时该 CPU 会挂死。',
	kmapEnabledIrqs:
		'kmap() 返回时中断已打开：本内核用 spin_unlock_irq() 释放 kmap_lock。依赖关中断的代码从此可能发生竞争。',
	kmapWaits: 'pkmap 的槽位全部被占用：本任务以 D 状态睡眠，直到有人调用 kunmap()。前两分钟内任何内核都不打印任何内容。',
	sleptWhileAtomic:
		'任务在持有自旋锁、关抢占或持有 kmap_atomic 时睡眠。没有 CONFIG_PREEMPT_COUNT 的内核发现不了；别的任务可能永远等待该锁。',
	sleptWithIrqsOff: '任务在关中断时睡眠：schedule() 打开了中断，并且保持打开。',
	allocatedWhileAtomic:
		'在禁止睡眠处请求可能睡眠的分配（GFP_KERNEL）：应使用 GFP_ATOMIC。内存充足时能成功，不足时会睡眠。',
	vmallocEnabledIrqs: 'vmalloc() 返回时中断已打开。',
	freedWhileAtomic: 'vfree() 可能睡眠，却在禁止睡眠处被调用。',
	atomicOutOfOrder:
		'kunmap_atomic() 的地址不是最近一次映射的地址：本内核不管给出什么地址都取下最近的槽位，于是错误的页失去映射。',
	atomicTooDeep: 'kmap_atomic() 的层数超过本 CPU 的槽位数：占用了下一个 CPU 的槽位，两个 CPU 会互相覆盖映射。',
	atomicOnceTooOften: 'kunmap_atomic() 比 kmap_atomic() 多了一次：计数从此小于零。',
	leftAtomic:
		'代码返回时抢占或缺页仍然关闭（例如 kmap_atomic() 后没有 kunmap_atomic()）：该任务会在下一次缺页时被杀死。',
	leftIrqsOff: '代码返回时中断仍然关闭。',
	kmapLockHeld:
		'BUG 发生时持有 kmap_lock，没有人会释放它：任何 CPU 上下一次对高端内存页的 kmap() 都会永远自旋。6.0 及以前，下一次启动程序就会如此。',
	staleSlotUsed:
		'最后一次 kunmap() 之后仍使用计数为 1 的 pkmap 槽位：暂时可用，但下一次刷新会收回它，而且该页可能已属于别人。',
	freedWhileMapped: '页被释放时 pkmap 槽位仍映射着它：下一个得到该页的人会在不知情的情况下与之共享。',
	pageFreedTwice: '页的释放次数比获取次数多一次。内核只有在该页易手时才可能发现。',
	objectFreedTwice: '对象被释放两次而无人发现：空闲链表成了环，kmalloc() 会把同一块内存交给两个使用者。',
	kfreeInsideObject: 'kfree() 的地址在对象内部：下一次 kmalloc() 会原样交出这个地址。',
	vfreeInsideArea: 'vfree() 的地址在区域内部：整个区域都被释放。',
	staleTranslation: '区域已经释放，但本 CPU 的 TLB 里仍有它的转换，读到的是旧页。',
	spinsForEver: '自旋锁被持有它的 CPU 再次获取：它将永远自旋，大约 20 秒内任何内核都不会提示。',
};
