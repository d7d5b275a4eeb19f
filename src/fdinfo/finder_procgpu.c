/* SPDX-License-Identifier: MIT */
/*
 * The finder that asks the kernel: /proc/gpu of kernel/gputop_proc has all clients and their usage in one
 * text, /proc/<pid>/gpu those of a process and its descriptors. It looks at no descriptor itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../now.h"
#include "array.h"
#include "finder_walk.h"
#include "finders.h"
#include "listed.h"
#include "record.h"

#define STALE_NS UINT64_C(30000000000)

/* A record of /proc/gpu. */
struct item {
	struct holder holder;		/* without a descriptor; its text is in g->list */
	bool has_id;			/* in its text: all holders are one client to everybody */
	const struct listed_client *client;
};

struct procgpu {
	struct finder_env env;
	finder_emit *emit;
	void *arg;
	int fd;				/* /proc/gpu; -1: not there, or hides something from this reader */
	bool has_hidden;
	struct listed listed;
	struct buf list;
	struct item *items;
	size_t n_items, items_size;
	struct buf text;		/* of a process */
	struct record record;
};

/* What is done with each record of a text, which is in g->record; @pid: whose file it is from. */
typedef int take_record(struct procgpu *g, pid_t pid, uint64_t read_ns);

static int each_record(struct procgpu *g, const struct buf *text, pid_t pid, take_record *take)
{
	uint64_t read_ns = now_ns();
	const char *at = text->ptr, *end;
	int err = 0;

	/* a blank line ends each */
	for (; !err && (end = strstr(at, "\n\n")); at = end + 2) {
		err = record_parse(&g->record, (struct str){ at, (size_t)(end + 1 - at) });
		if (!err)
			err = take(g, pid, read_ns);
	}
	return err;
}

/* Into g->text. */
static int read_process(struct procgpu *g, const char *name)
{
	char path[WALK_PATH_MAX];

	snprintf(path, sizeof(path), "%s/gpu", name);
	return proc_read_file(g->env.proc, g->env.proc->fd, path, &g->text);
}

static bool is_client(const struct procgpu *g)
{
	return g->record.kind == RECORD_CLIENT && finder_env_has_major(&g->env, g->record.rdev);
}

static struct holder holder_of(const struct record *r, uint64_t read_ns)
{
	return (struct holder){ .fd = -1, .rdev = r->rdev, .text = r->text, .t_ns = r->t_ns ? r->t_ns : read_ns };
}

/* A take_record of a process' file, when that is all there is. */
static int emit_client(struct procgpu *g, pid_t pid, uint64_t read_ns)
{
	const struct record *r = &g->record;
	struct holder h = holder_of(r, read_ns);
	int err = 0;

	if (!is_client(g))
		return 0;
	h.pid = pid;
	for (size_t i = 0; i < r->n_fds && !err; i++) {
		h.fd = r->fds[i];
		err = g->emit(g->arg, &h);
		h.is_sharer = r->fi.client_id != UNKNOWN;
	}
	g->env.proc->scan.fds += r->n_fds;
	g->env.proc->scan.reads += r->text.ptr != NULL;
	return err;
}

static int each_pid(void *arg, int pid, const char *name)
{
	struct procgpu *g = arg;
	struct scan *scan = &g->env.proc->scan;
	int err = read_process(g, name);

	scan->processes++;
	if (!err)
		return each_record(g, &g->text, pid, emit_client);
	if (proc_is_exhausted(err))
		return err;
	if (proc_is_denied(err))
		scan->denied += !walk_has_no_fds(g->env.proc, name);
	else
		scan->gone++;
	return 0;
}

/* A take_record of a process' file, for its descriptors. */
static int add_fds(struct procgpu *g, pid_t pid, uint64_t read_ns)
{
	const struct record *r = &g->record;
	int err = 0;

	(void)pid;
	(void)read_ns;
	for (size_t i = 0; i < r->n_fds && !err; i++)
		err = listed_fd_add(&g->listed, r->listed_id, r->fds[i]);
	g->env.proc->scan.fds += r->n_fds;
	return err;
}

/* A listed_look. Who may see all clients, but not this process, misses at most that it shares one. */
static int look(void *arg, pid_t pid, const char *name)
{
	struct procgpu *g = arg;
	int err = read_process(g, name);

	if (!err)
		return each_record(g, &g->text, pid, add_fds);
	if (proc_is_exhausted(err))
		return err;
	g->env.proc->scan.gone += !proc_is_denied(err);
	return 0;
}

/* A take_record of /proc/gpu. */
static int add_item(struct procgpu *g, pid_t pid, uint64_t read_ns)
{
	const struct record *r = &g->record;
	struct listed_client *client;
	struct item *item;

	(void)pid;
	if (r->kind == RECORD_HIDDEN)
		g->has_hidden = r->hidden != 0;
	if (!is_client(g) || r->listed_id == UNKNOWN)
		return 0;
	if (listed_add(&g->listed, r->listed_id, r->process.pid, r->refs, &client) ||
	    ARRAY_RESERVE(&g->items, &g->items_size, g->n_items + 1))
		return -ENOMEM;
	item = &g->items[g->n_items++];
	*item = (struct item){ holder_of(r, read_ns), r->fi.client_id != UNKNOWN, client };
	item->holder.pid = r->process.pid;
	g->env.proc->scan.reads += r->text.ptr != NULL;
	return 0;
}

static int emit_item(const struct procgpu *g, const struct item *item)
{
	const struct listed_client *c = item->client;
	struct holder h = item->holder;
	int err = 0;

	if (c->n_fds == 0)
		return g->emit(g->arg, &h);
	for (size_t i = 0; i < c->n_fds && !err; i++) {
		h.pid = c->fds[i].pid;
		h.fd = c->fds[i].fd;
		err = g->emit(g->arg, &h);
		h.is_sharer = item->has_id;
	}
	return err;
}

static void close_list(struct procgpu *g)
{
	if (g->fd >= 0)
		close(g->fd);
	g->fd = -1;
}

static void open_list(struct procgpu *g)
{
	close_list(g);
	g->env.proc->scan.syscalls[SYSCALL_OPEN]++;
	g->fd = openat(g->env.proc->fd, "gpu", O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
}

/* Reads all clients into g->items. */
static int read_list(struct procgpu *g)
{
	int err = proc_reread(g->env.proc, g->fd, &g->list);

	/* of a module that was removed and came back */
	if (err && err != -ENOMEM) {
		open_list(g);
		err = g->fd < 0 ? -ENODEV : proc_reread(g->env.proc, g->fd, &g->list);
	}
	if (err)
		return err;
	g->n_items = 0;
	listed_begin(&g->listed, now_ns());
	return each_record(g, &g->list, 0, add_item);
}

static int emit_items(struct procgpu *g)
{
	int err = listed_settle(&g->listed);

	for (size_t i = 0; i < g->n_items && !err; i++)
		err = emit_item(g, &g->items[i]);
	return err;
}

static bool is_there(const struct proc *p)
{
	return faccessat(p->fd, "self/gpu", F_OK, 0) == 0;
}

static int procgpu_find(void *state, finder_emit *emit, void *arg)
{
	struct procgpu *g = state;
	struct proc *p = g->env.proc;
	int err;

	/* without this, a module that was removed would look like a machine without clients */
	p->scan.syscalls[SYSCALL_OTHER]++;
	if (!is_there(p))
		return -ENODEV;
	g->emit = emit;
	g->arg = arg;
	if (g->fd >= 0) {
		err = read_list(g);
		if (err || !g->has_hidden)
			return err ? err : emit_items(g);
		/*
		 * The list hides a client by the process that the kernel names, and this reader may see it at
		 * another that has it. The processes' own files are right for everybody.
		 */
		close_list(g);
		p->scan.reads = 0;
	}
	return proc_each_pid(p, each_pid, g);
}

static void procgpu_close(void *state)
{
	struct procgpu *g = state;

	close_list(g);
	listed_done(&g->listed);
	record_done(&g->record);
	buf_done(&g->list);
	buf_done(&g->text);
	free(g->items);
	free(g);
}

static int procgpu_open(const struct finder_env *env, struct finder_why *why, void **ret)
{
	struct procgpu *g;
	uint64_t stale_ns;

	if (!is_there(env->proc))
		return finder_refuse(why, -ENODEV, "the kernel module gputop_proc is not loaded",
				     "build kernel/gputop_proc and load it (modprobe gputop_proc)");
	g = calloc(1, sizeof(*g));
	if (!g)
		return -ENOMEM;
	g->env = *env;
	g->fd = -1;
	open_list(g);
	stale_ns = env->stale_ns ? env->stale_ns : STALE_NS;
	listed_init(&g->listed, env->proc, stale_ns, stale_ns, look, g);
	*ret = g;
	return 0;
}

const struct finder_ops finder_by_procgpu = {
	.name = "procgpu",
	.help = "read /proc/gpu; needs the kernel module gputop_proc, CAP_SYS_PTRACE for others' processes",
	.open = procgpu_open,
	.find = procgpu_find,
	.close = procgpu_close,
};
