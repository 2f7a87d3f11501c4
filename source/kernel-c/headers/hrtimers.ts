import { header } from './item.ts';

/** include/linux/hrtimer.h, kernel/time/hrtimer.c: functions that run as an interrupt when their time has come. */
export const HRTIMER_HEADERS = [
	...header(
		{},
		`
#define CLOCK_REALTIME 0

#define CLOCK_MONOTONIC 1

#define CLOCK_BOOTTIME 7

#define HRTIMER_NORESTART 0

#define HRTIMER_RESTART 1

#define HRTIMER_MODE_ABS 0

#define HRTIMER_MODE_REL 1

#define HRTIMER_MODE_PINNED 2

#define HRTIMER_MODE_ABS_PINNED 2

#define HRTIMER_MODE_REL_PINNED 3

struct hrtimer { ktime_t _softexpires; int (*function)(struct hrtimer *); int clock, state, is_soft; };

#define ktime_set(secs, nsecs) ((ktime_t)((s64)(secs) * 1000000000LL + (s64)(nsecs)))

#define ms_to_ktime(ms) ((ktime_t)((s64)(ms) * 1000000LL))

#define us_to_ktime(us) ((ktime_t)((s64)(us) * 1000LL))

#define hrtimer_cb_get_time(timer) ktime_get()

#define hrtimer_active(timer) ((timer)->state != 0)

#define hrtimer_is_queued(timer) ((timer)->state == 1)

#define hrtimer_get_expires(timer) ((timer)->_softexpires)

#define hrtimer_get_remaining(timer) ktime_sub((timer)->_softexpires, ktime_get())

void __run_hrtimer(struct hrtimer *timer)
{
	timer->state = 2;
	if (timer->function(timer) == HRTIMER_RESTART && timer->state == 2)
		__arm_timer(&__run_hrtimer, timer, timer->_softexpires, timer->is_soft);
	else if (timer->state == 2)
		timer->state = 0;
	if (timer->state == 2)
		timer->state = 1;
}

void hrtimer_start(struct hrtimer *timer, ktime_t time, int mode)
{
	timer->_softexpires = mode & 1 ? ktime_get() + time : time;
	timer->is_soft = (mode & 4) != 0;
	timer->state = 1;
	__arm_timer(&__run_hrtimer, timer, timer->_softexpires, timer->is_soft);
}

#define hrtimer_start_expires(timer, mode) hrtimer_start(timer, (timer)->_softexpires, (mode) & ~1)

#define hrtimer_restart(timer) hrtimer_start_expires(timer, HRTIMER_MODE_ABS)

int hrtimer_cancel(struct hrtimer *timer)
{
	int was = timer->state == 1;
	__disarm_timer(timer);
	timer->state = 0;
	return was;
}

#define hrtimer_try_to_cancel(timer) hrtimer_cancel(timer)

u64 hrtimer_forward(struct hrtimer *timer, ktime_t now, ktime_t interval)
{
	u64 overrun;
	if (now < timer->_softexpires || interval <= 0)
		return 0;
	overrun = (u64)(now - timer->_softexpires) / (u64)interval + 1;
	timer->_softexpires += overrun * interval;
	return overrun;
}

#define hrtimer_forward_now(timer, interval) hrtimer_forward(timer, ktime_get(), interval)

void hrtimer_init(struct hrtimer *timer, int clock_id, int mode)
{
	memset(timer, 0, sizeof(*timer));
	timer->clock = clock_id;
}
`,
	),
	...header(
		{ since: '4.16' },
		'#define HRTIMER_MODE_SOFT 4\n\n#define HRTIMER_MODE_ABS_SOFT 4\n\n#define HRTIMER_MODE_REL_SOFT 5',
	),
];
