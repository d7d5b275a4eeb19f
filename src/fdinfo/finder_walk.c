/* SPDX-License-Identifier: MIT */
#include "finder_walk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "../now.h"

int walk_new(const struct finder_env *env, const char *dir,
	     enum look (*look)(struct walk *w, const char *name, dev_t *ret), void **ret)
{
	struct walk *w = calloc(1, sizeof(*w));

	if (!w)
		return -ENOMEM;
	w->env = *env;
	w->dir = dir;
	w->look = look;
	*ret = w;
	return 0;
}

void walk_close(void *state)
{
	struct walk *w = state;

	if (w)
		buf_done(&w->text);
	free(w);
}

const char *walk_path(const struct walk *w, const char *dir, const char *name,
		      char room[static WALK_PATH_MAX])
{
	if (w->in_fdinfo == (strcmp(dir, "fdinfo") == 0))
		return name;
	snprintf(room, WALK_PATH_MAX, "../%s/%s", dir, name);
	return room;
}

enum look walk_look_of(int err)
{
	if (proc_is_denied(err))
		return LOOK_TEXT;
	/* any other error is that of the file it refers to (ESTALE, EIO, ...): no device node gives it */
	return proc_is_gone(err) ? LOOK_GONE : LOOK_NO;
}

enum look walk_stat(struct walk *w, const char *name, dev_t *ret)
{
	char room[WALK_PATH_MAX];
	struct statx stx;
	dev_t rdev;

	w->env.proc->scan.syscalls[SYSCALL_STAT]++;
	/* the two flags: a descriptor on a dead network mount must not hold up the pass */
	if (statx(w->dirfd, walk_path(w, "fd", name, room), AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT,
		  STATX_TYPE, &stx) < 0)
		return walk_look_of(-errno);
	if (!S_ISCHR(stx.stx_mode))
		return LOOK_NO;
	rdev = makedev(stx.stx_rdev_major, stx.stx_rdev_minor);
	if (!finder_env_has_major(&w->env, rdev))
		return LOOK_NO;
	*ret = rdev;
	return LOOK_YES;
}

static bool has_line(struct str text, const char *key)
{
	size_t len = strlen(key);

	for (const char *at = text.ptr, *end = text.ptr + text.len; at && at < end;) {
		if ((size_t)(end - at) >= len && memcmp(at, key, len) == 0)
			return true;
		at = memchr(at, '\n', (size_t)(end - at));
		if (at)
			at++;
	}
	return false;
}

/* Usage as drm-usage-stats.rst has it, or in the dialect amdgpu spoke before (5.14 to 5.18). */
static bool is_usage(struct str text)
{
	return has_line(text, "drm-driver:") || (has_line(text, "pdev:") && has_line(text, "pasid:"));
}

/* fs/proc/fd.c prints the open flags in octal, second line. */
bool walk_is_o_path(const char *text)
{
	const char *flags = strstr(text, "flags:");

	return flags && strtoul(flags + strlen("flags:"), NULL, 8) & O_PATH;
}

bool walk_may_sleep(const struct walk *w, dev_t rdev)
{
	const struct device *d;

	if (!w->any_asleep || rdev == 0)
		return w->any_asleep;
	d = devices_find(w->env.devices, rdev);
	return d && d->power == DEVICE_ASLEEP;
}

static int walk_read(struct walk *w, const char *name, struct holder *h)
{
	char room[WALK_PATH_MAX];
	int err = proc_read_file(w->env.proc, w->dirfd, walk_path(w, "fdinfo", name, room), &w->text);

	if (err)
		return err;
	h->t_ns = now_ns();
	h->text = buf_str(&w->text);
	w->env.proc->scan.reads++;
	return 0;
}

static int each_fd(void *arg, int fd, const char *name)
{
	struct walk *w = arg;
	struct scan *scan = &w->env.proc->scan;
	struct holder h = { .pid = w->pid, .fd = fd };
	enum look look = w->blind ? LOOK_TEXT : w->look(w, name, &h.rdev);
	int err;

	scan->fds++;
	if (look == LOOK_NO)
		return 0;
	if (look == LOOK_GONE) {
		scan->gone++;
		return 0;
	}
	if (look == LOOK_YES && walk_may_sleep(w, h.rdev)) {
		h.t_ns = now_ns();
		return w->ret = w->emit(w->arg, &h);
	}
	err = look == LOOK_TEXT && w->any_asleep ? -EACCES : walk_read(w, name, &h);
	if (proc_is_denied(err))
		return w->denied = true;
	if (proc_is_exhausted(err))
		return w->ret = err;
	if (err) {
		scan->gone++;
		return 0;
	}
	if (walk_is_o_path(w->text.ptr))
		return 0;
	if (look == LOOK_TEXT) {
		if (!is_usage(h.text))
			return 0;
		if (!w->blind && walk_stat(w, name, &h.rdev) == LOOK_NO)
			return 0;
	}
	return w->ret = w->emit(w->arg, &h);
}

/* Opens what is to be listed of process @name. Returns 0, or -errno. */
static int open_process(struct walk *w, const char *name)
{
	struct proc *p = w->env.proc;
	char path[WALK_PATH_MAX];

	w->blind = false;
	w->in_fdinfo = strcmp(w->dir, "fdinfo") == 0;
	snprintf(path, sizeof(path), "%s/%s", name, w->dir);
	w->dirfd = proc_open_dir(p, p->fd, path);
	if (proc_is_denied(w->dirfd) && !w->in_fdinfo) {
		w->blind = w->in_fdinfo = true;
		snprintf(path, sizeof(path), "%s/fdinfo", name);
		w->dirfd = proc_open_dir(p, p->fd, path);
	}
	return w->dirfd < 0 ? w->dirfd : 0;
}

bool walk_has_no_fds(struct proc *p, const char *name)
{
	char path[WALK_PATH_MAX];
	struct stat st;

	if (!p->has_fd_counts)
		return false;
	snprintf(path, sizeof(path), "%s/fd", name);
	p->scan.syscalls[SYSCALL_STAT]++;
	return fstatat(p->fd, path, &st, 0) == 0 && st.st_size == 0;
}

int walk_process(struct walk *w, int pid, const char *name)
{
	struct scan *scan = &w->env.proc->scan;
	int err = open_process(w, name);

	scan->processes++;
	w->pid = pid;
	w->denied = false;
	if (!err) {
		err = proc_each_fd(w->env.proc, w->dirfd, each_fd, w);
		proc_close(w->env.proc, w->dirfd);
	} else if (proc_is_exhausted(err)) {
		w->ret = err;
	} else if (proc_is_denied(err)) {
		w->denied = !walk_has_no_fds(w->env.proc, name);
	}
	if (w->denied)
		scan->denied++;
	else if (!w->ret && proc_is_gone(err))
		scan->gone++;
	return w->ret;
}

static int each_pid(void *arg, int pid, const char *name)
{
	return walk_process(arg, pid, name);
}

void walk_begin(struct walk *w, finder_emit *emit, void *arg)
{
	const struct device *devices;
	size_t n;

	w->emit = emit;
	w->arg = arg;
	w->ret = 0;
	w->any_asleep = false;
	devices = devices_list(w->env.devices, &n);
	for (size_t i = 0; i < n; i++)
		w->any_asleep |= devices[i].power == DEVICE_ASLEEP;
}

int walk_find(void *state, finder_emit *emit, void *arg)
{
	struct walk *w = state;

	walk_begin(w, emit, arg);
	return proc_each_pid(w->env.proc, each_pid, w);
}
