import { header } from './item.ts';

/** asm/ptrace.h: the first arguments of a function are in registers, three on x86 (regparm) and four on ARM. */
const REGISTERS = [
	...header(
		{ arch: 'x86' },
		`
struct pt_regs { unsigned long bx, cx, dx, si, di, bp, ax, ds, es, fs, gs, orig_ax, ip, cs, flags, sp, ss; };

#define __regs_with(a, b, c, at) { .ax = (a), .dx = (b), .cx = (c), .ip = (at), .flags = 0x46 }

#define instruction_pointer(regs) ((regs)->ip)

#define regs_return_value(regs) ((regs)->ax)
`,
	),
	...header(
		{ arch: 'arm' },
		[
			'struct pt_regs { unsigned long uregs[18]; };',
			'#define __regs_with(a, b, c, at) { { [0] = (a), [1] = (b), [2] = (c), [15] = (at), [16] = 0x60000093 } }',
			...[...Array(11).keys()].map(number => `#define ARM_r${number} uregs[${number}]`),
			...['fp', 'ip', 'sp', 'lr', 'pc', 'cpsr', 'ORIG_r0'].map(
				(name, index) => `#define ARM_${name} uregs[${index + 11}]`,
			),
			'#define instruction_pointer(regs) ((regs)->ARM_pc)',
			'#define regs_return_value(regs) ((regs)->ARM_r0)',
		].join('\n\n'),
	),
];

/** include/linux/kprobes.h, kernel/kprobes.c. Both handlers run around the first instruction of the probed function. */
const PROBES = header(
	{},
	`
typedef int (*kprobe_pre_handler_t)(struct kprobe *, struct pt_regs *);

typedef void (*kprobe_post_handler_t)(struct kprobe *, struct pt_regs *, unsigned long);

struct kprobe { struct list_head list; unsigned long nmissed; u8 *addr; const char *symbol_name; unsigned int offset; int (*pre_handler)(struct kprobe *, struct pt_regs *); void (*post_handler)(struct kprobe *, struct pt_regs *, unsigned long); u32 flags; };

#define KPROBE_FLAG_DISABLED 2

void __run_kprobe(struct kprobe *p, unsigned long a, unsigned long b, unsigned long c)
{
	struct pt_regs regs = __regs_with(a, b, c, (unsigned long)p->addr);
	unsigned long flags;
	if (p->flags & KPROBE_FLAG_DISABLED)
		return;
	preempt_disable();
	local_irq_save(flags);
	if (p->pre_handler)
		p->pre_handler(p, &regs);
	if (p->post_handler)
		p->post_handler(p, &regs, 0);
	local_irq_restore(flags);
	preempt_enable();
}

int register_kprobe(struct kprobe *p)
{
	if (!p->symbol_name == !p->addr)
		return -EINVAL;
	p->nmissed = 0;
	p->flags &= KPROBE_FLAG_DISABLED;
	return __probe(p->symbol_name, &__run_kprobe, p);
}

void unregister_kprobe(struct kprobe *p) { __unprobe(p); }

int disable_kprobe(struct kprobe *p)
{
	p->flags |= KPROBE_FLAG_DISABLED;
	return 0;
}

int enable_kprobe(struct kprobe *p)
{
	p->flags &= ~KPROBE_FLAG_DISABLED;
	return 0;
}
`,
);

export const PROBE_HEADERS = [...REGISTERS, ...PROBES];
