/** Which rule of the kernel was broken, beside the kernel's own words; and mistakes in boot states. */
export const MEMORY = {
	'no memory was left, and the kernel killed this task for what it has':
		'内存耗尽，内核为了取得它占用的内存而杀死了本任务',
	'kfree of an object that is free already': 'kfree 了一个已经空闲的对象',
	'kfree of an address that is not in lowmem: it has no struct page': 'kfree 的地址不在低端内存：它没有 struct page',
	'kfree of memory that kmalloc did not hand out': 'kfree 了不是 kmalloc 分配的内存',
	'virt_to_fix({address}): outside {start} to {top}': 'virt_to_fix({address})：不在 {start} 到 {top} 之内',
	'{name}({index}): indices end before __end_of_fixed_addresses, {slots}':
		'{name}({index})：索引必须小于 __end_of_fixed_addresses，即 {slots}',
	'kmap_local nests {kmapPerCpu} deep at most: somebody does not unmap':
		'kmap_local 最多嵌套 {kmapPerCpu} 层：有人没有解除映射',
	'kmap_atomic has {kmapPerCpu} slots on a CPU: somebody does not unmap':
		'kmap_atomic 在每个 CPU 上有 {kmapPerCpu} 个槽位：有人没有解除映射',
	'kunmap_atomic once more than kmap_atomic: the stack of slots is empty':
		'kunmap_atomic 比 kmap_atomic 多一次：槽位栈已空',
	'fixmap slot {index} at {address} is still mapped: somebody else uses it':
		'fixmap 槽位 {index}（{address}）仍有映射：别人正在使用',
	'kunmap_atomic({page}): neither a kmap_atomic slot nor a lowmem address':
		'kunmap_atomic({page})：既不是 kmap_atomic 的槽位，也不是低端内存地址',
	'kunmap_atomic({page}) while {expected} is on top: unmap in reverse order':
		'kunmap_atomic({page}) 时栈顶是 {expected}：应按相反顺序解除映射',
	'write to {address}: {why}': '写 {address}：{why}',
	'read of {address}: {why}': '读 {address}：{why}',
	'a null pointer': '空指针',
	'a user address, and no process is mapped there': '用户地址，而那里没有映射任何进程',
	'the hole between lowmem and vmalloc, which is left empty to catch such accesses':
		'低端内存与 vmalloc 之间的空洞，空着就是为了捕捉这样的访问',
	'a pkmap slot that holds no page': '没有映射页的 pkmap 槽位',
	'a fixmap slot that holds no page': '没有映射页的 fixmap 槽位',
	'no area is mapped there: a guard page, or freed, or never allocated':
		'那里没有映射任何区域：是保护页，或已释放，或从未分配',
	'nothing is mapped there': '那里没有映射',
	'the physical address of what is not in lowmem': '对不在低端内存中的地址求物理地址',
	'vmalloc_to_page of an address that vmalloc cannot have given': 'vmalloc_to_page 的地址不可能来自 vmalloc',
	'a page was given back that is free already': '归还了一个已经空闲的页',
	'kmap of a page whose slot an earlier kunmap too many had left with count 0':
		'对一个页调用 kmap，而它的槽位因先前多余的 kunmap 计数停在 0',
	'kmalloc found a list of free objects that ends too early: one of them was freed twice':
		'kmalloc 发现空闲对象链表过早结束：其中某个对象被释放了两次',
	'kmalloc took {shown} from the list of free objects: somebody wrote over the link in one of them':
		'kmalloc 从空闲对象链表中取到 {shown}：有人覆盖了其中某个对象里的链接',
	'the kernel protects its code and constants from being written': '内核保护其代码和常量不被写入',
	'kunmap of a page that has no pkmap slot: it was never kmapped, or its slot has been flushed since':
		'kunmap 的页没有 pkmap 槽位：从未 kmap 过，或槽位已被刷新',
	'kunmap once more than kmap: the count was already 1': 'kunmap 比 kmap 多一次：计数已经是 1',
	'{call}({address}): no area ever began there, and this kernel follows the null pointer':
		'{call}({address})：从来没有区域从那里开始，而此内核会去访问空指针',
	'this machine has no pkmap': '此机器没有 pkmap',
	'choose a kernel with CONFIG_HIGHMEM': '请选择启用 CONFIG_HIGHMEM 的内核',
	'pkmap has no slot {bad}': 'pkmap 没有槽位 {bad}',
	'slots are 0 to {slots}': '槽位为 0 到 {slots}',
	'no vmalloc area can lie at 0x{start} with {bytes} bytes': '0x{start} 处不能有 {bytes} 字节的 vmalloc 区域',
	'areas are whole pages inside VMALLOC_START..VMALLOC_END and do not overlap':
		'区域应为 VMALLOC_START..VMALLOC_END 之内的整页，且互不重叠',
	'no slab cache is called "{name}"': '没有名为“{name}”的 slab 缓存',
	'{at} is not in lowmem': '{at} 不在低端内存',
	'a slab of {name} cannot begin at {at}': '{name} 的 slab 不能从 {at} 开始',
	'a slab of {name} holds {most} objects, not {used}': '{name} 的一个 slab 有 {most} 个对象，不是 {used} 个',
	'the pages at {at} are not free': '{at} 处的页不空闲',
	// Contexts
	'kunmap in an interrupt': '在中断中 kunmap',
	'vmalloc, vmap, vunmap and ioremap may sleep, and this is an interrupt':
		'vmalloc、vmap、vunmap 和 ioremap 可能睡眠，而这里是中断',
	'an interrupt cannot sleep: the task it had stopped is put to sleep in its place, and this CPU never goes on':
		'中断不能睡眠：被它打断的任务代它睡眠，此 CPU 再也不会继续运行',
	'the task went back to user space with page faults switched off, as a kmap_atomic without its kunmap_atomic leaves them: its next page fault kills it':
		'任务返回用户空间时仍禁止缺页处理（kmap_atomic 没有配对的 kunmap_atomic）：下一次缺页会杀死它',
	'the handler came back with interrupts on: kmap() switches them on on this kernel':
		'中断处理程序返回时中断是打开的：此内核的 kmap() 会打开中断',
	'the module itself asked for it': '模块自己要求的',
	'{why}, which a killed task still holds: this CPU spins for ever, without a word':
		'{why}，而它仍被一个已被杀死的任务占有：此 CPU 永远自旋，没有任何输出',
	'kmap and kunmap of a highmem page need kmap_lock': '高端内存页的 kmap 和 kunmap 需要 kmap_lock',
	'execve() kmaps the pages of the arguments and needs kmap_lock': 'execve() 要 kmap 参数所在的页，需要 kmap_lock',
	'spin_lock({lock}): {whose} holds it and cannot give it back; this CPU spins for ever, without a word':
		'spin_lock({lock})：{whose} 占有它而无法释放；此 CPU 永远自旋，没有任何输出',
	'this CPU itself': '此 CPU 自己',
	// C that runs
	'this is not the address of a struct page': '这不是 struct page 的地址',
	'a call of an address where no function lies': '调用的地址处没有函数',
	'division by zero': '除数为零',
	'the module itself found something that must not be': '模块自己发现了不应出现的情况',
	'nothing is mapped at {address}': '{address} 处没有映射',
	'{name} has {length} elements, and none of number {at}': '{name} 有 {length} 个元素，没有第 {at} 个',
};
