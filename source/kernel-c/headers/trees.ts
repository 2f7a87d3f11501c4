import { header } from './item.ts';

/** include/linux/rbtree.h, lib/rbtree.c: bit 0 of the parent's word says that a node is black. */
export const TREE_HEADERS = header(
	{},
	`
struct rb_node { unsigned long __parent; struct rb_node *rb_right, *rb_left; };

struct rb_root { struct rb_node *rb_node; };

#define RB_ROOT (struct rb_root) { NULL }

#define rb_entry(ptr, type, member) container_of(ptr, type, member)

#define RB_EMPTY_ROOT(root) ((root)->rb_node == NULL)

struct rb_node *rb_parent(const struct rb_node *node) { return (struct rb_node *)(node->__parent & ~3UL); }

void rb_link_node(struct rb_node *node, struct rb_node *parent, struct rb_node **link)
{
	node->__parent = (unsigned long)parent;
	node->rb_left = NULL;
	node->rb_right = NULL;
	*link = node;
}

void __rb_rotate(struct rb_root *root, struct rb_node *node, int left)
{
	struct rb_node *up = left ? node->rb_right : node->rb_left;
	struct rb_node *inner = left ? up->rb_left : up->rb_right;
	struct rb_node *parent = rb_parent(node);
	if (left)
		node->rb_right = inner;
	else
		node->rb_left = inner;
	if (inner)
		inner->__parent = (inner->__parent & 1) | (unsigned long)node;
	up->__parent = (up->__parent & 1) | (unsigned long)parent;
	if (!parent)
		root->rb_node = up;
	else if (parent->rb_left == node)
		parent->rb_left = up;
	else
		parent->rb_right = up;
	if (left)
		up->rb_left = node;
	else
		up->rb_right = node;
	node->__parent = (node->__parent & 1) | (unsigned long)up;
}

void rb_insert_color(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *parent, *grand, *uncle;
	int left;
	while ((parent = rb_parent(node)) && !(parent->__parent & 1)) {
		grand = rb_parent(parent);
		left = parent == grand->rb_left;
		uncle = left ? grand->rb_right : grand->rb_left;
		if (uncle && !(uncle->__parent & 1)) {
			uncle->__parent |= 1;
			parent->__parent |= 1;
			grand->__parent &= ~1UL;
			node = grand;
			continue;
		}
		if (node == (left ? parent->rb_right : parent->rb_left)) {
			__rb_rotate(root, parent, left);
			parent = node;
		}
		parent->__parent |= 1;
		grand->__parent &= ~1UL;
		__rb_rotate(root, grand, !left);
		break;
	}
	root->rb_node->__parent |= 1;
}

void __rb_replace(struct rb_root *root, struct rb_node *old, struct rb_node *new)
{
	struct rb_node *parent = rb_parent(old);
	if (!parent)
		root->rb_node = new;
	else if (parent->rb_left == old)
		parent->rb_left = new;
	else
		parent->rb_right = new;
	if (new)
		new->__parent = (new->__parent & 1) | (unsigned long)parent;
}

void __rb_erase_color(struct rb_node *node, struct rb_node *parent, struct rb_root *root)
{
	struct rb_node *other, *near, *far;
	int left;
	while ((!node || (node->__parent & 1)) && node != root->rb_node) {
		left = parent->rb_left == node;
		other = left ? parent->rb_right : parent->rb_left;
		if (!(other->__parent & 1)) {
			other->__parent |= 1;
			parent->__parent &= ~1UL;
			__rb_rotate(root, parent, left);
			other = left ? parent->rb_right : parent->rb_left;
		}
		near = left ? other->rb_left : other->rb_right;
		far = left ? other->rb_right : other->rb_left;
		if ((!near || (near->__parent & 1)) && (!far || (far->__parent & 1))) {
			other->__parent &= ~1UL;
			node = parent;
			parent = rb_parent(node);
			continue;
		}
		if (!far || (far->__parent & 1)) {
			near->__parent |= 1;
			other->__parent &= ~1UL;
			__rb_rotate(root, other, !left);
			other = near;
			far = left ? other->rb_right : other->rb_left;
		}
		other->__parent = (other->__parent & ~1UL) | (parent->__parent & 1);
		parent->__parent |= 1;
		far->__parent |= 1;
		__rb_rotate(root, parent, left);
		node = root->rb_node;
		break;
	}
	if (node)
		node->__parent |= 1;
}

void rb_erase(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *child, *parent, *next;
	unsigned long color = node->__parent & 1;
	if (node->rb_left && node->rb_right) {
		next = node->rb_right;
		while (next->rb_left)
			next = next->rb_left;
		color = next->__parent & 1;
		child = next->rb_right;
		parent = rb_parent(next);
		if (parent == node)
			parent = next;
		else {
			__rb_replace(root, next, child);
			next->rb_right = node->rb_right;
			next->rb_right->__parent = (next->rb_right->__parent & 1) | (unsigned long)next;
		}
		next->rb_left = node->rb_left;
		next->rb_left->__parent = (next->rb_left->__parent & 1) | (unsigned long)next;
		__rb_replace(root, node, next);
		next->__parent = node->__parent;
	} else {
		child = node->rb_left ? node->rb_left : node->rb_right;
		parent = rb_parent(node);
		__rb_replace(root, node, child);
	}
	if (color)
		__rb_erase_color(child, parent, root);
}

struct rb_node *rb_first(const struct rb_root *root)
{
	struct rb_node *node = root->rb_node;
	while (node && node->rb_left)
		node = node->rb_left;
	return node;
}

struct rb_node *rb_last(const struct rb_root *root)
{
	struct rb_node *node = root->rb_node;
	while (node && node->rb_right)
		node = node->rb_right;
	return node;
}

struct rb_node *rb_next(const struct rb_node *node)
{
	struct rb_node *up = (struct rb_node *)node;
	if (node->rb_right) {
		up = node->rb_right;
		while (up->rb_left)
			up = up->rb_left;
		return up;
	}
	while ((up = rb_parent(node)) && node == up->rb_right)
		node = up;
	return up;
}

struct rb_node *rb_prev(const struct rb_node *node)
{
	struct rb_node *up = (struct rb_node *)node;
	if (node->rb_left) {
		up = node->rb_left;
		while (up->rb_right)
			up = up->rb_right;
		return up;
	}
	while ((up = rb_parent(node)) && node == up->rb_left)
		node = up;
	return up;
}
`,
);
