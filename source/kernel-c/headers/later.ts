import { header } from './item.ts';

/** include/linux/interrupt.h, workqueue.h, timer.h: work for later. A thread of the kernel does it when its time comes. */
const LATER = header(
	{},
	`
struct tasklet_struct { struct tasklet_struct *next; unsigned long state; atomic_t count; void (*func)(unsigned long); unsigned long data; };

int __run_tasklet(void *data)
{
	struct tasklet_struct *t = data;
	t->state = 0;
	if (!atomic_read(&t->count))
		__run_softirq((void *)t->func, t->data);
	return 0;
}

void tasklet_schedule(struct tasklet_struct *t)
{
	if (t->state)
		return;
	t->state = 1;
	kthread_run(__run_tasklet, t, "ksoftirqd/%d", smp_processor_id());
}

#define tasklet_hi_schedule(t) tasklet_schedule(t)

void tasklet_init(struct tasklet_struct *t, void (*func)(unsigned long), unsigned long data)
{
	t->state = 0;
	atomic_set(&t->count, 0);
	t->func = func;
	t->data = data;
}

void tasklet_disable(struct tasklet_struct *t) { atomic_inc(&t->count); }

void tasklet_enable(struct tasklet_struct *t) { atomic_dec(&t->count); }

void tasklet_kill(struct tasklet_struct *t)
{
	while (t->state)
		msleep(1);
}

struct work_struct { atomic_t data; struct list_head entry; void (*func)(struct work_struct *work); };

struct delayed_work { struct work_struct work; unsigned long expires; };

struct workqueue_struct { unsigned int flags; };

#define DECLARE_WORK(name, f) struct work_struct name = { .func = f }

#define DECLARE_DELAYED_WORK(name, f) struct delayed_work name = { .work = { .func = f } }

#define INIT_WORK(w, f) ((w)->data.counter = 0, (w)->func = (f))

#define INIT_DELAYED_WORK(w, f) INIT_WORK(&(w)->work, f)

#define to_delayed_work(w) container_of(w, struct delayed_work, work)

int __run_work(void *data)
{
	struct work_struct *work = data;
	if (!atomic_read(&work->data))
		return 0;
	atomic_set(&work->data, 0);
	work->func(work);
	return 0;
}

bool schedule_work(struct work_struct *work)
{
	if (atomic_read(&work->data))
		return 0;
	atomic_set(&work->data, 1);
	kthread_run(__run_work, work, "kworker/%d:1", smp_processor_id());
	return 1;
}

int __run_delayed_work(void *data)
{
	struct delayed_work *work = data;
	while (atomic_read(&work->work.data) && time_before(jiffies, work->expires))
		schedule_timeout(work->expires - jiffies);
	return __run_work(&work->work);
}

bool schedule_delayed_work(struct delayed_work *work, unsigned long delay)
{
	if (atomic_read(&work->work.data))
		return 0;
	atomic_set(&work->work.data, 1);
	work->expires = jiffies + delay;
	kthread_run(__run_delayed_work, work, "kworker/%d:1", smp_processor_id());
	return 1;
}

bool cancel_work_sync(struct work_struct *work)
{
	bool was = atomic_read(&work->data) != 0;
	atomic_set(&work->data, 0);
	return was;
}

#define cancel_delayed_work(w) cancel_work_sync(&(w)->work)

#define cancel_delayed_work_sync(w) cancel_work_sync(&(w)->work)

bool flush_work(struct work_struct *work)
{
	bool was = atomic_read(&work->data) != 0;
	while (atomic_read(&work->data))
		msleep(1);
	return was;
}

void flush_scheduled_work(void) { msleep(1); }

#define create_singlethread_workqueue(name) ((struct workqueue_struct *)kzalloc(sizeof(struct workqueue_struct), GFP_KERNEL))

#define create_workqueue(name) create_singlethread_workqueue(name)

#define alloc_workqueue(name, flags, max) create_singlethread_workqueue(name)

#define queue_work(queue, work) schedule_work(work)

#define queue_delayed_work(queue, work, delay) schedule_delayed_work(work, delay)

void flush_workqueue(struct workqueue_struct *queue) { msleep(1); }

void destroy_workqueue(struct workqueue_struct *queue)
{
	flush_workqueue(queue);
	kfree(queue);
}

int timer_pending(const struct timer_list *timer) { return timer->__armed; }

int __run_timer(void *data)
{
	struct timer_list *timer = data;
	int armed = timer->__armed;
	while (timer->__armed == armed && time_before(jiffies, timer->expires))
		schedule_timeout(timer->expires - jiffies);
	if (timer->__armed != armed)
		return 0;
	timer->__armed = 0;
	__call_timer(timer);
	return 0;
}

void add_timer(struct timer_list *timer)
{
	timer->__armed = ++timer->__times;
	kthread_run(__run_timer, timer, "timer/%d", smp_processor_id());
}

int mod_timer(struct timer_list *timer, unsigned long expires)
{
	int was = timer->__armed != 0;
	timer->expires = expires;
	add_timer(timer);
	return was;
}

int del_timer(struct timer_list *timer)
{
	int was = timer->__armed != 0;
	timer->__armed = 0;
	return was;
}

#define del_timer_sync(timer) del_timer(timer)
`,
);

const TIMERS = [
	...header(
		{ since: '4.15' },
		`
struct timer_list { unsigned long expires; void (*function)(struct timer_list *timer); u32 flags; int __armed, __times; };

#define __call_timer(timer) __run_softirq((void *)(timer)->function, (unsigned long)(timer))

#define timer_setup(timer, callback, flag) ((timer)->function = (callback), (timer)->flags = (flag), (timer)->__armed = 0)

#define DEFINE_TIMER(name, f) struct timer_list name = { .function = f }

#define from_timer(var, callback_timer, timer_fieldname) container_of(callback_timer, typeof(*var), timer_fieldname)
`,
	),
	...header(
		{ since: '6.2' },
		'#define timer_delete(timer) del_timer(timer)\n\n#define timer_delete_sync(timer) del_timer(timer)',
	),
	...header(
		{ before: '4.15' },
		`
struct timer_list { unsigned long expires; void (*function)(unsigned long); unsigned long data; int __armed, __times; };

#define __call_timer(timer) __run_softirq((void *)(timer)->function, (timer)->data)

#define init_timer(timer) ((timer)->__armed = 0)

#define setup_timer(timer, fn, arg) ((timer)->function = (fn), (timer)->data = (arg), (timer)->__armed = 0)

#define DEFINE_TIMER(name, f, when, arg) struct timer_list name = { .function = f, .expires = when, .data = arg }
`,
	),
	...header(
		{ before: '5.9' },
		'#define DECLARE_TASKLET(name, f, arg) struct tasklet_struct name = { .func = f, .data = arg }',
	),
	...header(
		{ since: '5.9' },
		`
#define DECLARE_TASKLET_OLD(name, f) struct tasklet_struct name = { .func = f }

#define DECLARE_TASKLET(name, f) struct tasklet_struct name = { .func = (void (*)(unsigned long))f, .data = (unsigned long)&name }

void tasklet_setup(struct tasklet_struct *t, void (*callback)(struct tasklet_struct *))
{
	tasklet_init(t, (void (*)(unsigned long))callback, (unsigned long)t);
}

#define from_tasklet(var, callback_tasklet, tasklet_fieldname) container_of(callback_tasklet, typeof(*var), tasklet_fieldname)
`,
	),
];

export const LATER_HEADERS = [...LATER, ...TIMERS];
