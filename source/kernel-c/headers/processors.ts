import { header } from './item.ts';

/** asm/barrier.h, atomic.h, include/linux/jiffies.h, ktime.h, percpu.h, smp.h, rcupdate.h, sched.h, printk.h */
export const PROCESSOR_HEADERS = header(
	{},
	`
#define barrier() do { } while (0)

#define mb() do { } while (0)

#define rmb() do { } while (0)

#define wmb() do { } while (0)

#define smp_mb() do { } while (0)

#define smp_rmb() do { } while (0)

#define smp_wmb() do { } while (0)

#define cpu_relax() do { } while (0)

#define prefetch(x) ((void)(x))

#define ACCESS_ONCE(x) (x)

#define smp_store_release(p, v) (*(p) = (v))

#define smp_load_acquire(p) (*(p))

#define xchg(ptr, v) ({ typeof(*(ptr)) __old = *(ptr); *(ptr) = (v); __old; })

#define cmpxchg(ptr, old, new) ({ typeof(*(ptr)) __was = *(ptr); if (__was == (old)) *(ptr) = (new); __was; })

#define atomic_add_return(i, v) ((v)->counter += (i))

#define atomic_sub_return(i, v) ((v)->counter -= (i))

#define atomic_sub_and_test(i, v) (((v)->counter -= (i)) == 0)

#define atomic_inc_and_test(v) (++(v)->counter == 0)

#define atomic_xchg(v, new) xchg(&(v)->counter, new)

#define atomic_cmpxchg(v, old, new) cmpxchg(&(v)->counter, old, new)

#define atomic_inc_not_zero(v) ((v)->counter ? (++(v)->counter, 1) : 0)

#define time_after(a, b) ((long)((b) - (a)) < 0)

#define time_before(a, b) time_after(b, a)

#define time_after_eq(a, b) ((long)((a) - (b)) >= 0)

#define time_before_eq(a, b) time_after_eq(b, a)

#define get_jiffies_64() ((u64)jiffies)

unsigned int jiffies_to_msecs(unsigned long j) { return j * (1000 / HZ); }

unsigned int jiffies_to_usecs(unsigned long j) { return j * (1000000 / HZ); }

unsigned long msecs_to_jiffies(unsigned int m) { return DIV_ROUND_UP(m, 1000 / HZ); }

unsigned long usecs_to_jiffies(unsigned int u) { return DIV_ROUND_UP(u, 1000000 / HZ); }

typedef unsigned long cycles_t;

ktime_t ktime_get(void) { return __clock_ns(); }

#define ktime_get_real() ktime_get()

#define ktime_to_ns(kt) ((s64)(kt))

#define ns_to_ktime(ns) ((ktime_t)(ns))

#define ktime_sub(a, b) ((ktime_t)((a) - (b)))

#define ktime_add(a, b) ((ktime_t)((a) + (b)))

#define ktime_add_ns(kt, ns) ((ktime_t)((kt) + (ns)))

#define ktime_compare(a, b) ((a) < (b) ? -1 : (a) > (b))

s64 ktime_to_us(ktime_t kt) { return kt / 1000; }

s64 ktime_to_ms(ktime_t kt) { return kt / 1000000; }

s64 ktime_us_delta(ktime_t later, ktime_t earlier) { return (later - earlier) / 1000; }

s64 ktime_ms_delta(ktime_t later, ktime_t earlier) { return (later - earlier) / 1000000; }

#define sched_clock() ((unsigned long long)__clock_ns())

#define local_clock() ((unsigned long long)__clock_ns())

#define get_cycles() ((cycles_t)__clock_ns())

u64 div_u64(u64 dividend, u32 divisor) { return dividend / divisor; }

s64 div_s64(s64 dividend, s32 divisor) { return dividend / divisor; }

u64 div64_u64(u64 dividend, u64 divisor) { return dividend / divisor; }

u64 div_u64_rem(u64 dividend, u32 divisor, u32 *remainder)
{
	*remainder = dividend % divisor;
	return dividend / divisor;
}

#define do_div(n, base) ({ u32 __rem = (u64)(n) % (base); (n) = (u64)(n) / (base); __rem; })

#define DEFINE_PER_CPU(type, name) typeof(type) name[NR_CPUS]

#define per_cpu(var, cpu) ((var)[cpu])

#define per_cpu_ptr(ptr, cpu) (&(*(ptr))[cpu])

#define this_cpu_read(var) ((var)[raw_smp_processor_id()])

#define this_cpu_write(var, val) ((var)[raw_smp_processor_id()] = (val))

#define this_cpu_add(var, val) ((void)((var)[raw_smp_processor_id()] += (val)))

#define this_cpu_inc(var) ((void)(var)[raw_smp_processor_id()]++)

#define this_cpu_dec(var) ((void)(var)[raw_smp_processor_id()]--)

#define __get_cpu_var(var) ((var)[raw_smp_processor_id()])

#define get_cpu_var(var) (*({ preempt_disable(); &(var)[raw_smp_processor_id()]; }))

#define put_cpu_var(var) preempt_enable()

#define this_cpu_ptr(ptr) (&(*(ptr))[raw_smp_processor_id()])

#define num_present_cpus() num_online_cpus()

#define nr_cpu_ids num_online_cpus()

#define cpu_online(cpu) ((unsigned int)(cpu) < num_online_cpus())

#define for_each_online_cpu(cpu) for ((cpu) = 0; (cpu) < (int)num_online_cpus(); (cpu)++)

#define for_each_possible_cpu(cpu) for_each_online_cpu(cpu)

int smp_call_function(void (*func)(void *), void *info, int wait)
{
	int cpu, here = get_cpu();
	for_each_online_cpu(cpu)
		if (cpu != here)
			smp_call_function_single(cpu, func, info, wait);
	put_cpu();
	return 0;
}

int on_each_cpu(void (*func)(void *), void *info, int wait)
{
	unsigned long flags;
	smp_call_function(func, info, wait);
	preempt_disable();
	local_irq_save(flags);
	func(info);
	local_irq_restore(flags);
	preempt_enable();
	return 0;
}

#define rcu_read_lock() do { } while (0)

#define rcu_read_unlock() do { } while (0)

#define synchronize_rcu() msleep(1)

#define rcu_dereference(p) (p)

#define rcu_assign_pointer(p, v) ((p) = (v))

typedef spinlock_t rwlock_t;

#define DEFINE_RWLOCK(name) rwlock_t name

#define rwlock_init(lock) spin_lock_init(lock)

#define read_lock(lock) spin_lock(lock)

#define read_unlock(lock) spin_unlock(lock)

#define write_lock(lock) spin_lock(lock)

#define write_unlock(lock) spin_unlock(lock)

#define raw_spin_lock_init(lock) spin_lock_init(lock)

#define raw_spin_lock_irqsave(lock, flags) spin_lock_irqsave(lock, flags)

#define raw_spin_unlock_irqrestore(lock, flags) spin_unlock_irqrestore(lock, flags)

#define DEFINE_RAW_SPINLOCK(name) raw_spinlock_t name

#define local_save_flags(flags) ((flags) = __local_save_flags())

#define TASK_RUNNING 0

#define TASK_INTERRUPTIBLE 1

#define TASK_UNINTERRUPTIBLE 2

#define MAX_SCHEDULE_TIMEOUT 0x7fffffffL

#define set_current_state(state) __set_current_state(state)

#define task_pid_nr(task) ((task)->pid)

#define __stringify_1(x...) #x

#define __stringify(x...) __stringify_1(x)

#define panic(fmt, ...) do { char __text[256]; snprintf(__text, sizeof(__text), fmt, ##__VA_ARGS__); __panic(__text); } while (0)

#define try_module_get(module) ((void)(module), 1)

#define module_put(module) ((void)(module))

#define request_module(name...) 0

#define print_dev_info(x...) do { } while (0)

#define no_printk(fmt, ...) ((void)0)

#define pr_devel(fmt, ...) ((void)0)

#define pr_err_once(fmt, ...) pr_err(fmt, ##__VA_ARGS__)

#define pr_info_once(fmt, ...) pr_info(fmt, ##__VA_ARGS__)

#define pr_warn_once(fmt, ...) pr_warn(fmt, ##__VA_ARGS__)

#define pr_err_ratelimited(fmt, ...) pr_err(fmt, ##__VA_ARGS__)

#define pr_info_ratelimited(fmt, ...) pr_info(fmt, ##__VA_ARGS__)

#define pr_warn_ratelimited(fmt, ...) pr_warn(fmt, ##__VA_ARGS__)

#define dev_info(dev, fmt, ...) ((void)(dev), printk(KERN_INFO fmt, ##__VA_ARGS__))

#define dev_err(dev, fmt, ...) ((void)(dev), printk(KERN_ERR fmt, ##__VA_ARGS__))

#define dev_warn(dev, fmt, ...) ((void)(dev), printk(KERN_WARNING fmt, ##__VA_ARGS__))
`,
);
