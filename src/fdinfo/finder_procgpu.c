/* SPDX-License-Identifier: MIT */
/*
 * The finder that asks the kernel: /proc/<pid>/gpu of kernel/gputop_proc has the clients of a process, their
 * descriptors and their usage. It looks at no descriptor itself.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "finder_walk.h"
#include "finders.h"
#include "record.h"

struct procgpu {
	struct walk *walk;	/* for as long as a device sleeps: the kernel would ask its driver, too */
	struct proc *proc;
	finder_emit *emit;
	void *arg;
	struct buf text;
	struct record record;
};

static bool is_there(const struct proc *p)
{
	return faccessat(p->fd, "self/gpu", F_OK, 0) == 0;
}

/* One client of process @pid. */
static int emit_client(struct procgpu *g, pid_t pid, uint64_t t_ns)
{
	const struct record *r = &g->record;
	struct holder h = { .pid = pid, .rdev = r->rdev, .t_ns = t_ns, .text = r->text };
	int err = 0;

	if (r->kind != RECORD_CLIENT || !finder_env_has_major(&g->walk->env, r->rdev))
		return 0;
	/* a driver that prints nothing was read all the same */
	if (!h.text.ptr)
		h.text = str_of("");
	for (size_t i = 0; i < r->n_fds && !err; i++) {
		h.fd = r->fds[i];
		err = g->emit(g->arg, &h);
		h.is_sharer = r->fi.client_id != UNKNOWN;
	}
	g->proc->scan.fds += r->n_fds;
	g->proc->scan.reads++;
	return err;
}

static int emit_clients(struct procgpu *g, pid_t pid)
{
	uint64_t t_ns = walk_now_ns();
	const char *at = g->text.ptr, *end;
	int err = 0;

	/* a blank line ends each record */
	for (; !err && (end = strstr(at, "\n\n")); at = end + 2) {
		err = record_parse(&g->record, (struct str){ at, (size_t)(end + 1 - at) });
		if (!err)
			err = emit_client(g, pid, t_ns);
	}
	return err;
}

static int each_pid(void *arg, int pid, const char *name)
{
	struct procgpu *g = arg;
	struct scan *scan = &g->proc->scan;
	char path[WALK_PATH_MAX];
	int err;

	snprintf(path, sizeof(path), "%s/gpu", name);
	err = proc_read_file(g->proc, g->proc->fd, path, &g->text);
	scan->processes++;
	if (!err)
		return emit_clients(g, pid);
	if (err == -ENOMEM || err == -EMFILE || err == -ENFILE)
		return err;
	if (proc_is_denied(err))
		scan->denied += !walk_has_no_fds(g->walk, name);
	else
		scan->gone++;
	return 0;
}

static int procgpu_find(void *state, finder_emit *emit, void *arg)
{
	struct procgpu *g = state;

	walk_begin(g->walk, emit, arg);
	if (g->walk->any_asleep)
		return walk_find(g->walk, emit, arg);
	/* without this, a module that was removed would look like a machine without clients */
	g->proc->scan.syscalls[SYSCALL_OTHER]++;
	if (!is_there(g->proc))
		return -ENODEV;
	g->emit = emit;
	g->arg = arg;
	return proc_each_pid(g->proc, each_pid, g);
}

static void procgpu_close(void *state)
{
	struct procgpu *g = state;

	walk_close(g->walk);
	record_done(&g->record);
	buf_done(&g->text);
	free(g);
}

static int procgpu_open(const struct finder_env *env, struct finder_why *why, void **ret)
{
	struct procgpu *g;
	void *walk;

	if (!is_there(env->proc))
		return finder_refuse(why, -ENODEV, "the kernel module gputop_proc is not loaded",
				     "build kernel/gputop_proc and load it (modprobe gputop_proc)");
	g = calloc(1, sizeof(*g));
	if (!g)
		return -ENOMEM;
	if (walk_new(env, "fd", walk_stat, &walk)) {
		free(g);
		return -ENOMEM;
	}
	g->walk = walk;
	g->proc = env->proc;
	*ret = g;
	return 0;
}

const struct finder_ops finder_by_procgpu = {
	.name = "procgpu",
	.help = "read /proc/<pid>/gpu; needs the kernel module gputop_proc, CAP_SYS_PTRACE for others' processes",
	.open = procgpu_open,
	.find = procgpu_find,
	.close = procgpu_close,
};
