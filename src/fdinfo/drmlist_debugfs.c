/* SPDX-License-Identifier: MIT */
/*
 * The list from debugfs, which root may read on any kernel: it names processes, not descriptors. Their
 * descriptors are looked through in every pass, and those of all other processes, who may have inherited or
 * been given some, within stale_ns, or at once when a process that was named has none.
 */
#include "drmlist.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "../now.h"
#include "array.h"
#include "drm_debugfs.h"
#include "finder_walk.h"
#include "parse.h"

#define STALE_NS UINT64_C(30000000000)

struct pids {
	pid_t *pids;
	size_t n, size;
};

struct drmlist {
	struct walk *walk;
	const char *sys;
	uint64_t stale_ns, full_ns;
	bool is_full;			/* the pass under way looks into every process */
	struct pids known;		/* those looked into in every pass: named now, or holding in the last one */
	struct pids named, holding;
	size_t n_lost;			/* named that hold nothing, when all processes were looked into */
	finder_emit *emit;
	void *arg;
	struct buf text, status;
};

static int pids_add(struct pids *p, pid_t pid)
{
	if (ARRAY_RESERVE(&p->pids, &p->size, p->n + 1))
		return -ENOMEM;
	p->pids[p->n++] = pid;
	return 0;
}

static int compare_pids(const void *a, const void *b)
{
	pid_t x = *(const pid_t *)a, y = *(const pid_t *)b;

	return (x > y) - (x < y);
}

/* Ascending, each once. */
static void pids_sort(struct pids *p)
{
	size_t kept = 0;

	if (p->n)
		qsort(p->pids, p->n, sizeof(*p->pids), compare_pids);
	for (size_t i = 0; i < p->n; i++)
		if (kept == 0 || p->pids[kept - 1] != p->pids[i])
			p->pids[kept++] = p->pids[i];
	p->n = kept;
}

static bool pids_has(const struct pids *p, pid_t pid)
{
	return p->n && bsearch(&pid, p->pids, p->n, sizeof(pid), compare_pids);
}

/* Before Linux 6.5 a thread may be named. One that is gone is as good as a process that is. */
static int leader_of(struct drmlist *l, pid_t thread, pid_t *ret)
{
	struct proc *p = l->walk->env.proc;
	struct str text, line;
	char path[WALK_PATH_MAX];
	uint64_t leader;
	int err;

	snprintf(path, sizeof(path), "%d/status", thread);
	err = proc_read_file(p, p->fd, path, &l->status);
	if (proc_is_exhausted(err))
		return err;
	*ret = thread;
	text = (struct str){ l->status.ptr, err ? 0 : l->status.len };
	while (parse_line(&text, &line)) {
		if (!parse_prefix(&line, "Tgid:", strlen("Tgid:")))
			continue;
		if (parse_digits(parse_trim(line), INT_MAX, &leader))
			*ret = (pid_t)leader;
		break;
	}
	return 0;
}

/* A drm_debugfs_client. One that is not in this pid namespace is 0. */
static int add_named(void *arg, pid_t pid)
{
	struct drmlist *l = arg;

	return pid ? pids_add(&l->named, pid) : 0;
}

/* Each once, and processes in place of their threads. */
static int settle_named(struct drmlist *l)
{
	int err = 0;

	pids_sort(&l->named);
	for (size_t i = 0; i < l->named.n && !err; i++)
		err = leader_of(l, l->named.pids[i], &l->named.pids[i]);
	pids_sort(&l->named);
	return err;
}

/* All nodes of a device have the same list. */
static int read_device(struct drmlist *l, const struct device *d)
{
	struct proc *p = l->walk->env.proc;
	char path[512];
	int err;

	if (d->n_nodes == 0)
		return 0;
	snprintf(path, sizeof(path), "%s/kernel/debug/%s/%u/clients", l->sys,
		 major(d->nodes[0].rdev) == PROC_ACCEL_MAJOR ? "accel" : "dri", minor(d->nodes[0].rdev));
	err = proc_read_file(p, AT_FDCWD, path, &l->text);
	if (!err)
		err = drm_debugfs_clients(buf_str(&l->text), add_named, l, &p->scan.malformed);
	return err;
}

/* Sets l->known. Where a list is not to be had, only a look at every process tells. */
static int read_lists(struct drmlist *l)
{
	size_t n;
	const struct device *devices = devices_list(l->walk->env.devices, &n);
	int err;

	l->named.n = 0;
	for (size_t i = 0; i < n; i++) {
		err = read_device(l, &devices[i]);
		if (proc_is_exhausted(err))
			return err;
		l->is_full |= err != 0;
	}
	err = settle_named(l);
	if (err)
		return err;
	l->known.n = 0;
	for (size_t i = 0; i < l->named.n; i++)
		if (pids_add(&l->known, l->named.pids[i]))
			return -ENOMEM;
	for (size_t i = 0; i < l->holding.n; i++)
		if (pids_add(&l->known, l->holding.pids[i]))
			return -ENOMEM;
	pids_sort(&l->known);
	return 0;
}

/* A finder_emit. */
static int take_holder(void *arg, const struct holder *h)
{
	struct drmlist *l = arg;

	if ((l->holding.n == 0 || l->holding.pids[l->holding.n - 1] != h->pid) && pids_add(&l->holding, h->pid))
		return -ENOMEM;
	return l->emit(l->arg, h);
}

static int look_into_known(struct drmlist *l)
{
	char name[16];
	int err = 0;

	for (size_t i = 0; i < l->known.n && !err; i++) {
		snprintf(name, sizeof(name), "%d", l->known.pids[i]);
		err = walk_process(l->walk, l->known.pids[i], name);
	}
	return err;
}

static int each_other(void *arg, int pid, const char *name)
{
	struct drmlist *l = arg;

	return pids_has(&l->known, pid) ? 0 : walk_process(l->walk, pid, name);
}

static size_t count_lost(const struct drmlist *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->named.n; i++)
		n += !pids_has(&l->holding, l->named.pids[i]);
	return n;
}

static int look_into_processes(struct drmlist *l)
{
	size_t n_lost;
	int err = read_lists(l);

	l->holding.n = 0;
	if (!err)
		err = look_into_known(l);
	if (err)
		return err;
	/* known ones were looked into in ascending order */
	n_lost = count_lost(l);
	l->is_full |= n_lost > l->n_lost;
	l->n_lost = n_lost;
	return l->is_full ? proc_each_pid(l->walk->env.proc, each_other, l) : 0;
}

static int debugfs_find(void *state, finder_emit *emit, void *arg)
{
	struct drmlist *l = state;
	uint64_t now = now_ns();
	int err;

	l->is_full = !l->full_ns || now - l->full_ns >= l->stale_ns;
	l->emit = emit;
	l->arg = arg;
	walk_begin(l->walk, take_holder, l);
	err = look_into_processes(l);
	/* half of who holds something is as good as nothing */
	if (err)
		l->full_ns = 0;
	else if (l->is_full)
		l->full_ns = now;
	return err;
}

static void debugfs_close(void *state)
{
	struct drmlist *l = state;

	walk_close(l->walk);
	free(l->known.pids);
	free(l->named.pids);
	free(l->holding.pids);
	buf_done(&l->text);
	buf_done(&l->status);
	free(l);
}

static int debugfs_open(const struct finder_env *env, struct finder_why *why, void **ret)
{
	struct drmlist *l;
	char path[512];
	void *walk;

	/* it numbers processes as this one sees them */
	if (!env->sys && !env->proc->is_own)
		return finder_refuse(why, -EXDEV, "it sees this machine's own /proc only", NULL);
	snprintf(path, sizeof(path), "%s/kernel/debug/dri", env->sys ? env->sys : "/sys");
	/* by the rights in effect: a daemon has capabilities and an ordinary user */
	if (faccessat(AT_FDCWD, path, R_OK | X_OK, AT_EACCESS) < 0)
		return finder_refuse(why, -errno, "debugfs does not show DRM's clients to this process",
				     "run as root, with debugfs mounted at /sys/kernel/debug");
	l = calloc(1, sizeof(*l));
	if (!l)
		return -ENOMEM;
	if (walk_new(env, "fd", walk_stat, &walk)) {
		free(l);
		return -ENOMEM;
	}
	l->walk = walk;
	l->sys = env->sys ? env->sys : "/sys";
	l->stale_ns = env->stale_ns ? env->stale_ns : STALE_NS;
	*ret = l;
	return 0;
}

const struct finder_ops drmlist_by_debugfs = {
	.name = "drmlist (debugfs)",
	.help = "",
	.open = debugfs_open,
	.find = debugfs_find,
	.close = debugfs_close,
};
