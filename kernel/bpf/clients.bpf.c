// SPDX-License-Identifier: GPL-2.0-only
/*
 * DRM's own list of its clients, and what one process holds of them: nothing else is looked at. The two
 * that look run as raw tracepoints that nothing triggers, because a run on demand of those is an RCU
 * reader: processes, open files and the nodes of xarrays stay while they are read. DRM's own objects and
 * the descriptor tables of processes may go; list_step() and walk_chunk() notice.
 */
#include "common.h"

#define PRIMARY_END 64		/* control and render nodes come behind the primary ones, */
#define EXTENDED_START 192	/* and then those of more than 64 devices */
#define MAX_INDEX 4096
#define XA_LEVELS 4		/* of 64: more than there are processes or minors */

const volatile struct drm_layout drm;

/* The results, for user space. */
struct bpf_client clients[BPF_MAX_CLIENTS];
__u32 n_clients;
__u32 n_fds;		/* descriptors that walk_process() looked at */
/* What user space asks walk_process() for. */
__u32 asked_pid;
__u32 reader_level;	/* of the pid namespace that numbers are of */

/*
 * Always 0, which the verifier does not know. What a loop changes starts here: before 6.7 the verifier takes
 * the values of the first turn for those of all, and leaves out what these do not reach; from then on it goes
 * through each turn of a counter whose start it knows.
 */
__u32 zero;

static __u64 drm_minors, accel_minors;

static __always_inline int look_up(const char *name, int size, __u64 *ret)
{
	return bpf_kallsyms_lookup_name(name, size, 0, ret);
}

#define LOOK_UP(name, ret) look_up(name, sizeof(name), ret)

/* Where the tables of minors are: an xarray since 6.12, before one in an idr. 0 or -errno. */
SEC("syscall")
int find_lists(void *ctx)
{
	__u64 at = 0;
	int err = LOOK_UP("drm_minors_xa", &at);

	(void)ctx;
	if (err == -ENOENT) {
		err = LOOK_UP("drm_minors_idr", &at);
		at += bpf_core_field_offset(struct idr, idr_rt);
	}
	if (err)
		return err;
	drm_minors = at;
	accel_minors = 0;
	if (!LOOK_UP("accel_minors_xa", &at))
		accel_minors = at;
	else if (!LOOK_UP("accel_minors_idr", &at))
		accel_minors = at + bpf_core_field_offset(struct idr, idr_rt);
	return 0;
}

static __always_inline __u64 read_pointer(__u64 at)
{
	__u64 v = 0;

	bpf_probe_read_kernel(&v, sizeof(v), (const void *)at);
	return v;
}

/* include/linux/xarray.h: xa_is_node() and xa_to_node(). */
static __always_inline struct xa_node *xa_node_of(__u64 entry)
{
	return (entry & 3) == 2 && entry > 4096 ? (void *)(entry - 2) : NULL;
}

static __always_inline __u64 xa_slot(struct xa_node *node, __u64 n)
{
	return read_pointer((__u64)node + bpf_core_field_offset(struct xa_node, slots) + n % XA_SLOTS * 8);
}

/*
 * What is not static the verifier looks at once, whatever the values it is called with, instead of at each
 * call with each state of the caller: that is most of the time that loading takes.
 */

/*
 * The node that holds the entry of @index and its 63 neighbours, 0 if there is none; an entry at index 0
 * that is alone has no node.
 */
__noinline __u64 xa_leaf(__u64 xa, __u64 index)
{
	__u64 entry = (__u64)BPF_CORE_READ((struct xarray *)xa, xa_head);

	for (int level = 0; level < XA_LEVELS; level++) {
		struct xa_node *node = xa_node_of(entry);
		__u8 shift;

		if (!node)
			return 0;
		shift = BPF_CORE_READ(node, shift) & 63;
		if (level == 0 && index >> shift >= XA_SLOTS)
			return 0;
		if (shift == 0)
			return (__u64)node;
		entry = xa_slot(node, index >> shift);
	}
	return 0;
}

/* The entry of @index, whose leaf is @leaf; 0 if there is none. */
static __always_inline __u64 xa_entry(__u64 xa, __u64 leaf, __u64 index)
{
	struct xa_node *node = (void *)leaf;
	__u64 entry;

	if (node)
		entry = xa_slot(node, index);
	else
		entry = index == 0 ? (__u64)BPF_CORE_READ((struct xarray *)xa, xa_head) : 0;
	return entry & 3 ? 0 : entry;
}

static __always_inline struct task_struct *task_of(struct pid *pid)
{
	__u64 link = (__u64)BPF_CORE_READ(pid, tasks[0].first);

	return link ? (void *)(link - bpf_core_field_offset(struct task_struct, pid_links)) : NULL;
}

static __always_inline struct pid *reader_pid(void)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	return BPF_CORE_READ(task, thread_pid);
}

/* The pid namespace of who asks: the one of its own number that is deepest. */
static __always_inline struct pid_namespace *reader_ns(void)
{
	struct pid *pid = reader_pid();
	struct upid *number = (void *)pid + bpf_core_field_offset(struct pid, numbers) +
			      (__u64)BPF_CORE_READ(pid, level) * bpf_core_type_size(struct upid);

	return BPF_CORE_READ(number, ns);
}

static __always_inline __s64 references(struct file *file)
{
	struct file___6_13 *newer = (void *)file;

	/* counts from 0 there: include/linux/file_ref.h */
	if (bpf_core_field_exists(newer->f_ref))
		return BPF_CORE_READ(newer, f_ref.refcnt.counter) + 1;
	return BPF_CORE_READ(file, f_count.counter);
}

struct cursor {
	struct pid_namespace *ns;
	__u64 xa, index, leaf;
	__u64 list;		/* of the device under way; 0: none */
	__u64 at;		/* in its list of files */
	__u32 level, n;
	int err;
};

/* Makes @drm_file the @n-th of clients[]. 1, 0 if it is none any more, or -E2BIG. */
__noinline int put_client(__u64 drm_file, __u32 n, __u64 ns, __u32 level)
{
	struct file *file = (void *)read_pointer(drm_file + drm.file_filp);
	struct pid *pid = (void *)read_pointer(drm_file + drm.file_pid);
	struct bpf_client client = { .holder.fd = -1, .client_id = ~0ULL };
	struct task_struct *task;
	__u32 rdev;

	client.refs = references(file);
	/* it is being closed */
	if (client.refs <= 0)
		return 0;
	client.holder.file_id = file_id(file);
	rdev = BPF_CORE_READ(file, f_inode, i_rdev);
	client.holder.major = rdev >> MINORBITS;
	client.holder.minor = rdev & ((1U << MINORBITS) - 1);
	if (drm.file_client_id)
		client.client_id = read_pointer(drm_file + drm.file_client_id);
	/* the opener: a thread before 6.5 */
	task = pid ? task_of(pid) : NULL;
	if (task)
		client.holder.pid = pid_number(BPF_CORE_READ(task, group_leader, thread_pid), (void *)ns, level);
	if (n >= BPF_MAX_CLIENTS)
		return -E2BIG;
	/* the compiler knows the bound, the verifier may have lost it */
	barrier_var(n);
	clients[n & (BPF_MAX_CLIENTS - 1)] = client;
	return 1;
}

/* The next device of the table. */
static __always_inline long next_minor(struct cursor *c)
{
	__u64 minor, device;

	if (c->index >= MAX_INDEX)
		return 1;
	if (c->index % XA_SLOTS == 0) {
		c->leaf = xa_leaf(c->xa, c->index);
		if (!c->leaf && c->index)
			return 1;
	}
	minor = xa_entry(c->xa, c->leaf, c->index);
	c->index = c->leaf ? c->index + 1 : MAX_INDEX;
	if (c->index == PRIMARY_END && c->xa == drm_minors)
		c->index = EXTENDED_START + zero;
	if (!minor)
		return 0;
	/* a device has one list of files, and a render node never is its only one */
	if ((__u32)read_pointer(minor + drm.minor_type) == DRM_MINOR_RENDER)
		return 0;
	device = read_pointer(minor + drm.minor_dev);
	c->list = c->at = device ? device + drm.device_filelist : 0;
	return 0;
}

/*
 * One file, or one minor. Nothing is locked: what a file said counts only if it was in the list
 * afterwards still, which its neighbour tells.
 */
static long list_step(__u32 unused, struct cursor *c)
{
	int n_put = 0;
	__u64 next;

	(void)unused;
	if (!c->list)
		return next_minor(c);
	if (c->at != c->list)
		n_put = put_client(c->at - drm.file_lhead, c->n, (__u64)c->ns, c->level);
	next = read_pointer(c->at);
	if (read_pointer(next + bpf_core_field_offset(struct list_head, prev)) != c->at)
		n_put = -EAGAIN;
	if (n_put < 0) {
		c->err = n_put;
		return 1;
	}
	c->n += n_put;
	c->at = next;
	if (next == c->list)
		c->list = 0;
	return 0;
}

static __noinline int list_table(struct cursor *c, __u64 xa)
{
	c->xa = xa;
	c->index = c->leaf = c->list = c->at = zero;
	if (xa)
		bpf_loop(BPF_MAX_CLIENTS + MAX_INDEX, list_step, c, 0);
	return c->err;
}

/* All clients of all devices into clients[]; 0, -EAGAIN if one came or went meanwhile, or -E2BIG. */
SEC("raw_tp")
int list_clients(void *ctx)
{
	struct pid_namespace *ns = reader_ns();
	struct cursor c = { .ns = ns, .n = zero, .err = (int)zero };

	(void)ctx;
	forget_ops();
	c.level = reader_level = BPF_CORE_READ(ns, level);
	if (!list_table(&c, drm_minors))
		list_table(&c, accel_minors);
	n_clients = c.n;
	return c.err;
}

static __always_inline long put_file(struct walk *w, struct file *file, __u32 rdev, __u32 fd)
{
	struct bpf_holder *h = &clients[w->n & (BPF_MAX_CLIENTS - 1)].holder;

	if (w->n >= BPF_MAX_CLIENTS)
		return 1;
	h->file_id = file_id(file);
	h->pid = w->pid;
	h->fd = (__s32)fd;
	h->major = rdev >> MINORBITS;
	h->minor = rdev & ((1U << MINORBITS) - 1);
	w->n++;
	return 0;
}

/* The descriptors of process asked_pid that are of a GPU into clients[].holder; nothing if it is gone. */
SEC("raw_tp")
int walk_process(void *ctx)
{
	struct walk w = { .pid = asked_pid, .n = zero, .fds = zero };
	struct pid_namespace *ns = reader_ns();
	__u64 xa = (__u64)ns + bpf_core_field_offset(struct pid_namespace, idr.idr_rt);
	struct pid *pid;

	(void)ctx;
	pid = (void *)xa_entry(xa, xa_leaf(xa, w.pid), w.pid);
	if (pid)
		w.task = task_of(pid);
	if (w.task)
		walk_table(&w);
	n_clients = w.n;
	n_fds = w.fds;
	return 0;
}
