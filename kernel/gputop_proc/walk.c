// SPDX-License-Identifier: GPL-2.0-only
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/kconfig.h>
#include <linux/kdev_t.h>
#include <linux/mm.h>
#include <linux/pid.h>
#include <linux/pm_runtime.h>
#include <linux/proc_fs.h>
#include <linux/ptrace.h>
#include <linux/random.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/seq_file.h>
#include <linux/sizes.h>
#include <linux/static_call.h>
#include <linux/time_namespace.h>

#include "compat.h"
#include "drmlist.h"
#include "symbols.h"
#include "walk.h"

/* Bounds how many clients of others a reader keeps open while a driver is slow. */
#define BATCH	16

struct client {
	u64 id;
	struct file *file;	/* a reference */
	struct pid *owner;	/* a reference; NULL in the walk of a process */
	unsigned int fd;	/* the lowest of ... */
	unsigned int nr_fds;	/* ... so many, in the walk of a process */
};

/*
 * Clients come in the order of their ids, so that a client that exists
 * throughout is shown exactly once, whatever opens and closes between two
 * reads.  A batch is the next few of them, collected in one pass.
 */
struct walk {
	struct pid *pid;	/* the process; NULL for the whole machine */
	u64 done;		/* clients up to this id were passed */
	u64 hidden;		/* and so many of them left out */
	unsigned int nr, cur;
	struct client batch[BATCH];
};

/* The element behind the last client of the machine. */
#define HIDDEN_RECORD	SEQ_START_TOKEN
#define DONE_ALL	U64_MAX

DEFINE_STATIC_CALL_NULL(gputop_may_access, ptrace_may_access);
static siphash_key_t id_key;

int walk_init(void)
{
	void *may_access = symbol_address("ptrace_may_access");

	if (!may_access)
		return -ENOENT;
	static_call_update(gputop_may_access, (typeof(&ptrace_may_access))may_access);
	get_random_bytes(&id_key, sizeof(id_key));

	return drmlist_init();
}

/* As the one who opened the file: a reader that was handed it gains and loses nothing. */
static bool may_access(struct seq_file *m, struct task_struct *task, unsigned int audit)
{
	const struct cred *saved = override_creds(m->file->f_cred);
	bool ret;

	if (task)
		ret = static_call(gputop_may_access)(task, PTRACE_MODE_READ_FSCREDS | audit);
	else
		ret = ns_capable_noaudit(&init_user_ns, CAP_SYS_PTRACE);
	revert_creds(saved);
	return ret;
}

/* A client whose process is gone could be anybody's: only who may see all may see it. */
static bool may_see(struct seq_file *m, const struct client *client)
{
	struct task_struct *task = get_pid_task(client->owner, PIDTYPE_PID);
	bool ret = may_access(m, task, PTRACE_MODE_NOAUDIT);

	if (task)
		put_task_struct(task);
	return ret;
}

static void client_put(struct client *client)
{
	fput(client->file);
	put_pid(client->owner);
}

static void batch_put(struct walk *walk)
{
	while (walk->cur < walk->nr)
		client_put(&walk->batch[walk->cur++]);
	walk->nr = 0;
	walk->cur = 0;
}

/* Whether the batch has a place for @id; *@ret says which, and whether it is there already. */
static bool batch_place(const struct walk *walk, u64 id, unsigned int *ret)
{
	unsigned int i = walk->nr;

	if (id <= walk->done)
		return false;
	while (i && walk->batch[i - 1].id >= id)
		i--;
	*ret = i;
	return i < BATCH;
}

static bool batch_has(const struct walk *walk, u64 id, unsigned int place)
{
	return place < walk->nr && walk->batch[place].id == id;
}

/* Takes over the references in @client. */
static void batch_insert(struct walk *walk, unsigned int place, const struct client *client)
{
	if (walk->nr == BATCH)
		client_put(&walk->batch[--walk->nr]);
	memmove(&walk->batch[place + 1], &walk->batch[place],
		(walk->nr - place) * sizeof(walk->batch[0]));
	walk->batch[place] = *client;
	walk->nr++;
}

/* Whether @file is an open of a DRM node, which makes its private_data a drm_file. */
static bool is_client(const struct file *file)
{
	const struct inode *inode = file_inode(file);

	/* O_PATH descriptors name a device node and opened nothing. */
	if (!S_ISCHR(inode->i_mode) || file->f_mode & FMODE_PATH || !file->private_data)
		return false;
	return imajor(inode) == DRM_MAJOR ||
	       (IS_ENABLED(CONFIG_DRM_ACCEL) && imajor(inode) == ACCEL_MAJOR);
}

static void collect_fd(struct walk *walk, struct file *file, unsigned int fd)
{
	u64 id = compat_drm_file_id(file->private_data, &id_key);
	unsigned int place;

	if (!batch_place(walk, id, &place))
		return;
	if (batch_has(walk, id, place))
		walk->batch[place].nr_fds++;
	else
		batch_insert(walk, place, &(struct client){
			.id = id,
			.file = get_file(file),
			.fd = fd,
			.nr_fds = 1,
		});
}

static int collect_process(struct seq_file *m)
{
	struct walk *walk = m->private;
	struct task_struct *task;
	struct file *file;
	unsigned int fd;
	int ret;

	task = get_pid_task(walk->pid, PIDTYPE_PID);
	if (!task)
		return -ESRCH;

	/* What is collected must be what the check was about: no exec in between. */
	ret = down_read_killable(&task->signal->exec_update_lock);
	if (ret)
		goto out;
	if (may_access(m, task, 0)) {
		for (fd = 0; (file = compat_fget_next(task, &fd)); fd++) {
			if (is_client(file))
				collect_fd(walk, file, fd);
			fput(file);
			cond_resched();
		}
	} else {
		ret = -EACCES;
	}
	up_read(&task->signal->exec_update_lock);
out:
	put_task_struct(task);
	return ret;
}

static void collect_drm_file(struct drm_file *priv, void *data)
{
	struct walk *walk = data;
	struct client client = { .id = compat_drm_file_id(priv, &id_key) };
	unsigned int place;

	if (!batch_place(walk, client.id, &place))
		return;
	client.file = compat_drm_file_get(priv);
	if (!client.file)
		return;
	client.owner = get_pid(compat_drm_file_pid(priv));
	batch_insert(walk, place, &client);
}

static int batch_collect(struct seq_file *m)
{
	struct walk *walk = m->private;

	batch_put(walk);
	if (walk->pid)
		return collect_process(m);
	drmlist_for_each(collect_drm_file, walk);
	return 0;
}

static void client_done(struct walk *walk)
{
	struct client *client = &walk->batch[walk->cur++];

	walk->done = client->id;
	client_put(client);
}

/* The element to show: a client of the batch, of the next batch, or what ends the list. */
static void *walk_element(struct seq_file *m)
{
	struct walk *walk = m->private;
	int err;

	while (walk->done != DONE_ALL) {
		if (walk->cur == walk->nr) {
			err = batch_collect(m);
			if (err)
				return ERR_PTR(err);
			if (!walk->nr)
				return walk->pid ? NULL : HIDDEN_RECORD;
		}
		if (walk->pid || may_see(m, &walk->batch[walk->cur]))
			return &walk->batch[walk->cur];
		client_done(walk);
		walk->hidden++;
	}
	return NULL;
}

static void *walk_start(struct seq_file *m, loff_t *pos)
{
	struct walk *walk = m->private;

	if (!*pos) {
		walk->done = 0;
		walk->hidden = 0;
	}
	return walk_element(m);
}

static void *walk_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct walk *walk = m->private;

	++*pos;
	if (v == HIDDEN_RECORD)
		walk->done = DONE_ALL;
	else
		client_done(walk);
	return walk_element(m);
}

static void walk_stop(struct seq_file *m, void *v)
{
	batch_put(m->private);
}

static void show_fds(struct seq_file *m, const struct client *client)
{
	const struct walk *walk = m->private;
	struct task_struct *task;
	struct file *file;
	unsigned int fd;

	seq_printf(m, "gputop-fd:\t%u\ngputop-fds:\t%u", client->fd, client->fd);
	task = client->nr_fds > 1 ? get_pid_task(walk->pid, PIDTYPE_PID) : NULL;
	if (task) {
		for (fd = client->fd + 1; (file = compat_fget_next(task, &fd)); fd++) {
			if (file == client->file)
				seq_printf(m, " %u", fd);
			fput(file);
			cond_resched();
		}
		put_task_struct(task);
	}
	seq_putc(m, '\n');
}

/* 0 for a process that is gone or lies outside the reader's pid namespace. */
static void show_owner(struct seq_file *m, const struct client *client)
{
	struct pid_namespace *ns = proc_pid_ns(file_inode(m->file)->i_sb);
	struct task_struct *task;

	rcu_read_lock();
	task = pid_task(client->owner, PIDTYPE_PID);
	seq_printf(m, "gputop-pid:\t%d\n", task ? task_tgid_nr_ns(task, ns) : 0);
	rcu_read_unlock();
	/* Less the one that the batch has. */
	seq_printf(m, "gputop-refs:\t%ld\n", (long)file_count(client->file) - 1);
}

/* What a reader has to know before the driver's text, and cannot learn from it. */
static void show_client(struct seq_file *m, const struct client *client)
{
	const struct inode *inode = file_inode(client->file);
	struct timespec64 now;

	seq_printf(m, "gputop-dev:\t%u:%u\n", imajor(inode), iminor(inode));
	seq_printf(m, "gputop-client:\t%llu\n", client->id);
	ktime_get_ts64(&now);
	timens_add_monotonic(&now);
	seq_printf(m, "gputop-time:\t%lld ns\n", timespec64_to_ns(&now));
}

/* Some drivers wake their device up to print what it did before it fell asleep. */
static bool is_asleep(const struct client *client)
{
	const struct drm_file *priv = client->file->private_data;

	return pm_runtime_suspended(priv->minor->dev->dev);
}

static int walk_show(struct seq_file *m, void *v)
{
	const struct walk *walk = m->private;
	const struct client *client = v;

	if (v == HIDDEN_RECORD) {
		seq_printf(m, "gputop-hidden:\t%llu\n\n", walk->hidden);
		return 0;
	}

	if (walk->pid)
		show_fds(m, client);
	else
		show_owner(m, client);
	show_client(m, client);

	/* The driver may sleep: all that is held here are references. */
	if (!seq_has_overflowed(m) && client->file->f_op->show_fdinfo && !is_asleep(client))
		client->file->f_op->show_fdinfo(m, client->file);
	seq_putc(m, '\n');
	return 0;
}

static const struct seq_operations walk_ops = {
	.start	= walk_start,
	.next	= walk_next,
	.stop	= walk_stop,
	.show	= walk_show,
};

int walk_open(struct file *file, struct pid *pid)
{
	struct walk *walk = __seq_open_private(file, &walk_ops, sizeof(*walk));
	struct seq_file *m;

	if (!walk)
		return -ENOMEM;
	walk->pid = get_pid(pid);

	/* Each read collects anew, so let one read return many records. */
	m = file->private_data;
	m->buf = kvmalloc(SZ_32K, GFP_KERNEL_ACCOUNT);
	if (m->buf)
		m->size = SZ_32K;
	return 0;
}

int walk_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;
	struct walk *walk = m->private;

	put_pid(walk->pid);
	return seq_release_private(inode, file);
}
