import { header } from './item.ts';

/** include/linux/cpumask.h, of which one word suffices for the CPUs of these machines. */
export const CPU_MASK_HEADERS = header(
	{},
	`
struct cpumask { unsigned long bits[BITS_TO_LONGS(NR_CPUS)]; };

typedef struct cpumask cpumask_t;

#define cpumask_bits(mask) ((mask)->bits)

#define cpumask_of(cpu) (&(struct cpumask){ { 1UL << (cpu) } })

#define cpu_online_mask (&(struct cpumask){ { (2UL << (num_online_cpus() - 1)) - 1 } })

#define cpu_possible_mask cpu_online_mask

#define cpu_present_mask cpu_online_mask

#define cpu_all_mask cpu_online_mask

void cpumask_clear(struct cpumask *mask) { memset(mask, 0, sizeof(*mask)); }

void cpumask_set_cpu(unsigned int cpu, struct cpumask *mask) { mask->bits[cpu / 32] |= 1UL << (cpu % 32); }

void cpumask_clear_cpu(int cpu, struct cpumask *mask) { mask->bits[cpu / 32] &= ~(1UL << (cpu % 32)); }

int cpumask_test_cpu(int cpu, const struct cpumask *mask) { return (mask->bits[cpu / 32] >> (cpu % 32)) & 1; }

unsigned int cpumask_weight(const struct cpumask *mask) { return hweight32(mask->bits[0]); }

int set_cpus_allowed_ptr(struct task_struct *p, const struct cpumask *new_mask)
{
	if (!(new_mask->bits[0] & cpu_online_mask->bits[0]))
		return -EINVAL;
	__allow_cpus(p, new_mask->bits[0]);
	return 0;
}
`,
);
