import { header } from './item.ts';

/** include/linux/wait.h, mutex.h, semaphore.h, rwsem.h, completion.h: whoever must wait sleeps until the other wakes him. */
const SLEEPING = header(
	{},
	`
struct __wait_queue_head { unsigned long lock; struct list_head task_list; };

typedef struct __wait_queue_head wait_queue_head_t;

#define DECLARE_WAIT_QUEUE_HEAD(name) wait_queue_head_t name

#define DECLARE_WAIT_QUEUE_HEAD_ONSTACK(name) wait_queue_head_t name

void init_waitqueue_head(wait_queue_head_t *queue) { queue->lock = 0; }

#define wait_event(wq, condition) do { might_sleep(); while (!(condition)) __sleep_on(&(wq), 0); } while (0)

#define wait_event_interruptible(wq, condition) ({ might_sleep(); while (!(condition)) __sleep_on(&(wq), 0); 0; })

#define wait_event_killable(wq, condition) wait_event_interruptible(wq, condition)

#define wait_event_timeout(wq, condition, timeout) ({ unsigned long __end = jiffies + (timeout); while (!(condition) && time_before(jiffies, __end)) __sleep_on(&(wq), __end - jiffies); (condition) ? max(1L, (long)(__end - jiffies)) : 0L; })

#define wait_event_interruptible_timeout(wq, condition, timeout) wait_event_timeout(wq, condition, timeout)

#define wake_up(queue) __wake_all(queue)

#define wake_up_all(queue) __wake_all(queue)

#define wake_up_interruptible(queue) __wake_all(queue)

#define wake_up_interruptible_all(queue) __wake_all(queue)

struct mutex { atomic_t count; struct task_struct *owner; };

#define DEFINE_MUTEX(name) struct mutex name

#define mutex_init(lock) ((lock)->owner = NULL)

int mutex_is_locked(struct mutex *lock) { return lock->owner != NULL; }

int mutex_trylock(struct mutex *lock)
{
	if (lock->owner)
		return 0;
	lock->owner = current;
	return 1;
}

void mutex_lock(struct mutex *lock)
{
	might_sleep();
	while (!mutex_trylock(lock))
		__sleep_on(lock, 0);
}

int mutex_lock_interruptible(struct mutex *lock)
{
	mutex_lock(lock);
	return 0;
}

#define mutex_lock_killable(lock) mutex_lock_interruptible(lock)

void mutex_unlock(struct mutex *lock)
{
	lock->owner = NULL;
	__wake_all(lock);
}

#define mutex_destroy(lock) ((void)(lock))

struct semaphore { int count; };

#define DEFINE_SEMAPHORE(name) struct semaphore name = { 1 }

#define sema_init(sem, val) ((sem)->count = (val))

int down_trylock(struct semaphore *sem)
{
	if (sem->count <= 0)
		return 1;
	sem->count--;
	return 0;
}

void down(struct semaphore *sem)
{
	might_sleep();
	while (down_trylock(sem))
		__sleep_on(sem, 0);
}

int down_interruptible(struct semaphore *sem)
{
	down(sem);
	return 0;
}

void up(struct semaphore *sem)
{
	sem->count++;
	__wake_all(sem);
}

struct rw_semaphore { int count; };

#define DECLARE_RWSEM(name) struct rw_semaphore name

#define init_rwsem(sem) ((sem)->count = 0)

int down_read_trylock(struct rw_semaphore *sem)
{
	if (sem->count < 0)
		return 0;
	sem->count++;
	return 1;
}

int down_write_trylock(struct rw_semaphore *sem)
{
	if (sem->count)
		return 0;
	sem->count = -1;
	return 1;
}

void down_read(struct rw_semaphore *sem)
{
	might_sleep();
	while (!down_read_trylock(sem))
		__sleep_on(sem, 0);
}

void down_write(struct rw_semaphore *sem)
{
	might_sleep();
	while (!down_write_trylock(sem))
		__sleep_on(sem, 0);
}

void up_read(struct rw_semaphore *sem)
{
	sem->count--;
	__wake_all(sem);
}

void up_write(struct rw_semaphore *sem)
{
	sem->count = 0;
	__wake_all(sem);
}

struct completion { unsigned int done; wait_queue_head_t wait; };

#define DECLARE_COMPLETION(name) struct completion name

#define DECLARE_COMPLETION_ONSTACK(name) struct completion name = { 0 }

#define init_completion(x) ((x)->done = 0)

void complete(struct completion *x)
{
	x->done++;
	__wake_all(x);
}

void complete_all(struct completion *x)
{
	x->done = 0x7fffffff;
	__wake_all(x);
}

void wait_for_completion(struct completion *x)
{
	might_sleep();
	while (!x->done)
		__sleep_on(x, 0);
	x->done--;
}

int wait_for_completion_interruptible(struct completion *x)
{
	wait_for_completion(x);
	return 0;
}

unsigned long wait_for_completion_timeout(struct completion *x, unsigned long timeout)
{
	unsigned long end = jiffies + timeout;
	while (!x->done && time_before(jiffies, end))
		__sleep_on(x, end - jiffies);
	if (!x->done)
		return 0;
	x->done--;
	return time_before(jiffies, end) ? end - jiffies : 1;
}

int try_wait_for_completion(struct completion *x)
{
	if (!x->done)
		return 0;
	x->done--;
	return 1;
}
`,
);

const NEWER = [
	...header({ since: '3.13' }, '#define reinit_completion(x) ((x)->done = 0)'),
	...header({ before: '3.13' }, '#define INIT_COMPLETION(x) ((x).done = 0)'),
];

export const WAITING_HEADERS = [...SLEEPING, ...NEWER];
