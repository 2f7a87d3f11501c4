import { header } from './item.ts';

/** include/linux/list.h (hlist), hash.h */
const LISTS = header(
	{},
	`
struct hlist_node { struct hlist_node *next, **pprev; };

struct hlist_head { struct hlist_node *first; };

#define HLIST_HEAD_INIT { NULL }

#define HLIST_HEAD(name) struct hlist_head name = { NULL }

#define INIT_HLIST_HEAD(head) ((head)->first = NULL)

#define INIT_HLIST_NODE(node) ((node)->next = NULL, (node)->pprev = NULL)

int hlist_empty(const struct hlist_head *head) { return !head->first; }

int hlist_unhashed(const struct hlist_node *node) { return !node->pprev; }

void hlist_add_head(struct hlist_node *node, struct hlist_head *head)
{
	node->next = head->first;
	if (head->first)
		head->first->pprev = &node->next;
	head->first = node;
	node->pprev = &head->first;
}

void hlist_del(struct hlist_node *node)
{
	*node->pprev = node->next;
	if (node->next)
		node->next->pprev = node->pprev;
}

void hlist_del_init(struct hlist_node *node)
{
	if (!node->pprev)
		return;
	hlist_del(node);
	node->next = NULL;
	node->pprev = NULL;
}

#define hlist_entry(ptr, type, member) container_of(ptr, type, member)

#define hlist_entry_safe(ptr, type, member) ((ptr) ? hlist_entry(ptr, type, member) : NULL)

#define hlist_for_each(pos, head) for ((pos) = (head)->first; (pos); (pos) = (pos)->next)

u32 hash_32(u32 val, unsigned int bits)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(4, 7, 0)
	return (val * 0x61C88647U) >> (32 - bits);
#else
	return (val * 0x9e370001U) >> (32 - bits);
#endif
}

#define hash_long(val, bits) hash_32((u32)(val), bits)

#define hash_ptr(ptr, bits) hash_32((u32)(unsigned long)(ptr), bits)
`,
);

/** The walk over hash lists lost its fourth argument in 3.9. */
const WALKS = [
	...header(
		{ since: '3.9' },
		`
#define hlist_for_each_entry(pos, head, member) for ((pos) = hlist_entry_safe((head)->first, typeof(*(pos)), member); (pos); (pos) = hlist_entry_safe((pos)->member.next, typeof(*(pos)), member))
`,
	),
	...header(
		{ before: '3.9' },
		`
#define hlist_for_each_entry(pos, node, head, member) for ((node) = (head)->first; (node) && ((pos) = hlist_entry(node, typeof(*(pos)), member), 1); (node) = (node)->next)
`,
	),
];

export const HASH_LIST_HEADERS = [...LISTS, ...WALKS];
