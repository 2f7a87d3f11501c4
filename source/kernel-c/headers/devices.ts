import { header } from './item.ts';

/** include/linux/fs.h, cdev.h, miscdevice.h, proc_fs.h, seq_file.h: a module's face to user programs. */
const FILES = header(
	{},
	`
struct module { char name[56]; };

struct inode { umode_t i_mode; unsigned long i_ino; loff_t i_size; dev_t i_rdev; void *i_private; };

struct file { struct inode *f_inode; const struct file_operations *f_op; unsigned int f_flags; fmode_t f_mode; loff_t f_pos; void *private_data; };

struct file_operations {
	void *owner;
	loff_t (*llseek)(struct file *, loff_t, int);
	ssize_t (*read)(struct file *, char *, size_t, loff_t *);
	ssize_t (*write)(struct file *, const char *, size_t, loff_t *);
	unsigned int (*poll)(struct file *, void *);
	long (*unlocked_ioctl)(struct file *, unsigned int, unsigned long);
	int (*mmap)(struct file *, struct vm_area_struct *);
	int (*open)(struct inode *, struct file *);
	int (*flush)(struct file *, void *);
	int (*release)(struct inode *, struct file *);
	int (*fsync)(struct file *, loff_t, loff_t, int);
};

struct vm_area_struct { unsigned long vm_start, vm_end; struct vm_area_struct *vm_next; unsigned long vm_page_prot; unsigned long vm_flags; unsigned long vm_pgoff; struct file *vm_file; void *vm_private_data; };

struct cdev { void *owner; const struct file_operations *ops; dev_t dev; unsigned int count; };

struct miscdevice { int minor; const char *name; const struct file_operations *fops; };

struct class { const char *name; };

struct device { struct device *parent; const char *init_name; void *driver_data; };

struct seq_file { char *buf; size_t size, count; loff_t index; void *private; };

struct proc_dir_entry { const char *name; const void *ops; };

typedef unsigned int dev_t;

#define MISC_DYNAMIC_MINOR 255

#define MAJOR(dev) ((unsigned int)((dev) >> 20))

#define MINOR(dev) ((unsigned int)((dev) & 0xfffff))

#define MKDEV(ma, mi) (((ma) << 20) | (mi))

int alloc_chrdev_region(dev_t *dev, unsigned first, unsigned count, const char *name)
{
	*dev = MKDEV(240, first);
	return 0;
}

int register_chrdev_region(dev_t from, unsigned count, const char *name) { return 0; }

void unregister_chrdev_region(dev_t from, unsigned count) { }

int register_chrdev(unsigned int major, const char *name, const struct file_operations *fops) { return major ? 0 : 240; }

void unregister_chrdev(unsigned int major, const char *name) { }

void cdev_init(struct cdev *cdev, const struct file_operations *fops)
{
	memset(cdev, 0, sizeof(*cdev));
	cdev->ops = fops;
}

int cdev_add(struct cdev *p, dev_t dev, unsigned count)
{
	p->dev = dev;
	p->count = count;
	return 0;
}

void cdev_del(struct cdev *p) { p->count = 0; }

int misc_register(struct miscdevice *misc)
{
	if (misc->minor == MISC_DYNAMIC_MINOR)
		misc->minor = 63;
	return 0;
}

loff_t no_llseek(struct file *file, loff_t offset, int whence) { return -ESPIPE; }

ssize_t simple_read_from_buffer(void *to, size_t count, loff_t *ppos, const void *from, size_t available)
{
	loff_t pos = *ppos;
	if (pos < 0)
		return -EINVAL;
	if (pos >= available || !count)
		return 0;
	count = min_t(size_t, count, available - pos);
	if (copy_to_user(to, (const char *)from + pos, count))
		return -EFAULT;
	*ppos = pos + count;
	return count;
}

ssize_t simple_write_to_buffer(void *to, size_t available, loff_t *ppos, const void *from, size_t count)
{
	loff_t pos = *ppos;
	if (pos < 0)
		return -EINVAL;
	if (pos >= available || !count)
		return 0;
	count = min_t(size_t, count, available - pos);
	if (copy_from_user((char *)to + pos, from, count))
		return -EFAULT;
	*ppos = pos + count;
	return count;
}

int single_open(struct file *file, int (*show)(struct seq_file *, void *), void *data)
{
	struct seq_file *m = kzalloc(sizeof(*m), GFP_KERNEL);
	if (!m)
		return -ENOMEM;
	m->private = data;
	file->private_data = m;
	return show(m, NULL);
}

int single_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

ssize_t seq_read(struct file *file, char *buf, size_t size, loff_t *ppos) { return 0; }

loff_t seq_lseek(struct file *file, loff_t offset, int whence) { return offset; }

#define seq_printf(m, fmt, ...) ((void)(m), printk(KERN_INFO fmt, ##__VA_ARGS__))

#define seq_puts(m, s) seq_printf(m, "%s", s)

#define seq_putc(m, c) seq_printf(m, "%c", c)

void remove_proc_entry(const char *name, struct proc_dir_entry *parent) { }
`,
);

const VERSIONS = [
	...header(
		{ since: '5.6' },
		`
struct proc_ops {
	unsigned int proc_flags;
	int (*proc_open)(struct inode *, struct file *);
	ssize_t (*proc_read)(struct file *, char *, size_t, loff_t *);
	ssize_t (*proc_write)(struct file *, const char *, size_t, loff_t *);
	loff_t (*proc_lseek)(struct file *, loff_t, int);
	int (*proc_release)(struct inode *, struct file *);
	int (*proc_mmap)(struct file *, struct vm_area_struct *);
};

struct proc_dir_entry *proc_create(const char *name, umode_t mode, struct proc_dir_entry *parent, const struct proc_ops *ops)
{
	struct proc_dir_entry *entry = kzalloc(sizeof(*entry), GFP_KERNEL);
	if (entry)
		entry->ops = ops;
	return entry;
}
`,
	),
	...header(
		{ before: '5.6' },
		`
struct proc_dir_entry *proc_create(const char *name, umode_t mode, struct proc_dir_entry *parent, const struct file_operations *fops)
{
	struct proc_dir_entry *entry = kzalloc(sizeof(*entry), GFP_KERNEL);
	if (entry)
		entry->ops = fops;
	return entry;
}
`,
	),
	...header({ since: '4.3' }, 'void misc_deregister(struct miscdevice *misc) { }'),
	...header({ before: '4.3' }, 'int misc_deregister(struct miscdevice *misc) { return 0; }'),
	...header(
		{ before: '6.4' },
		'#define class_create(owner, name) ((struct class *)kzalloc(sizeof(struct class), GFP_KERNEL))',
	),
	...header({ since: '6.4' }, '#define class_create(name) ((struct class *)kzalloc(sizeof(struct class), GFP_KERNEL))'),
	...header(
		{},
		`
void class_destroy(struct class *cls) { kfree(cls); }

#define device_create(cls, parent, devt, drvdata, fmt, ...) ((void)(cls), (struct device *)kzalloc(sizeof(struct device), GFP_KERNEL))

#define device_destroy(cls, devt) ((void)(cls))
`,
	),
];

/** include/linux/io.h, ioport.h: registers of devices. */
const REGISTERS = header(
	{},
	`
struct resource { resource_size_t start, end; const char *name; unsigned long flags; };

struct resource *request_mem_region(resource_size_t start, resource_size_t n, const char *name)
{
	struct resource *r = kzalloc(sizeof(*r), GFP_KERNEL);
	if (r) {
		r->start = start;
		r->end = start + n - 1;
	}
	return r;
}

void release_mem_region(resource_size_t start, resource_size_t n) { }

resource_size_t resource_size(const struct resource *res) { return res->end - res->start + 1; }

#define readb(addr) (*(const u8 *)(addr))

#define readw(addr) (*(const u16 *)(addr))

#define readl(addr) (*(const u32 *)(addr))

#define writeb(val, addr) ((void)(*(u8 *)(addr) = (val)))

#define writew(val, addr) ((void)(*(u16 *)(addr) = (val)))

#define writel(val, addr) ((void)(*(u32 *)(addr) = (val)))

#define readl_relaxed(addr) readl(addr)

#define writel_relaxed(val, addr) writel(val, addr)

#define __raw_readl(addr) readl(addr)

#define __raw_writel(val, addr) writel(val, addr)

#define ioread8(addr) readb(addr)

#define ioread16(addr) readw(addr)

#define ioread32(addr) readl(addr)

#define iowrite8(val, addr) writeb(val, addr)

#define iowrite16(val, addr) writew(val, addr)

#define iowrite32(val, addr) writel(val, addr)

#define memcpy_fromio(to, from, n) memcpy(to, from, n)

#define memcpy_toio(to, from, n) memcpy(to, from, n)

#define memset_io(addr, c, n) memset(addr, c, n)

typedef int irqreturn_t;

typedef irqreturn_t (*irq_handler_t)(int, void *);

#define IRQ_NONE 0

#define IRQ_HANDLED 1

#define IRQ_RETVAL(x) ((x) != 0)

#define IRQF_SHARED 0x80

#define IRQF_TRIGGER_RISING 1

#define IRQF_TRIGGER_FALLING 2
`,
);

export const DEVICE_HEADERS = [...FILES, ...VERSIONS, ...REGISTERS];
