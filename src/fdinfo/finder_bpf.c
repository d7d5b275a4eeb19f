/* SPDX-License-Identifier: MIT */
#include "finders.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "../../kernel/bpf/holders.h"
#include "array.h"
#include "bpf_walk.h"
#include "bpf_why.h"
#include "finder_walk.h"
#include "open_files.h"

struct bpf_finder {
	struct finder_env env;
	struct open_files files;
	struct bpf_walk *walk;
	bool one_by_one;		/* some process has more holders than by_task can say */
	struct bpf_holder *found;
	size_t n, size;			/* of what was read, and of the room for it */
};

/* What one read(2) of an iterator yields at most: the size of its buffer in the kernel. */
#define READ_SIZE ((size_t)32 << 10)

static void bpf_close(void *state)
{
	struct bpf_finder *b = state;

	bpf_walk_close(b->walk);
	open_files_done(&b->files);
	free(b->found);
	free(b);
}

/* Whether the majors are those that gputop-bpf-pin takes: the machine's. */
static bool has_usual_majors(const struct finder_env *env)
{
	unsigned int majors[FINDER_MAX_MAJORS];
	size_t n = proc_gpu_majors(env->proc, majors, FINDER_MAX_MAJORS);

	return env->n_majors == n && memcmp(env->majors, majors, n * sizeof(*majors)) == 0;
}

static int open_walk(const struct finder_env *env, struct finder_why *why, struct bpf_walk **ret)
{
	int err = bpf_check(env, why);

	if (err == -EPERM && has_usual_majors(env)) {
		int pinned = bpf_walk_open_pinned(BPF_WALK_PINS, ret);

		if (pinned == -EACCES)
			return finder_refuse(why, err, "CAP_BPF and CAP_PERFMON are missing, and the pinned walk is a group's",
					     "join the group of " BPF_WALK_PINS);
		return pinned ? err : 0;
	}
	if (err)
		return err;
	err = bpf_walk_load(env->majors, env->n_majors, ret);
	return err ? bpf_refuse(why, err) : 0;
}

static int bpf_open(const struct finder_env *env, struct finder_why *why, void **ret)
{
	struct bpf_finder *b = calloc(1, sizeof(*b));
	int err;

	if (!b)
		return -ENOMEM;
	b->env = *env;
	open_files_init(&b->files, &b->env);
	err = open_walk(env, why, &b->walk);
	if (err)
		bpf_close(b);
	else
		*ret = b;
	return err;
}

/* Reads the iterator @fd up to its end, appending to b->found. */
static int read_iterator(struct bpf_finder *b, int fd)
{
	size_t len = 0;

	for (;;) {
		ssize_t n;

		if (ARRAY_RESERVE(&b->found, &b->size, (len + READ_SIZE) / sizeof(*b->found) + 1))
			return -ENOMEM;
		n = read(fd, (char *)b->found + len, READ_SIZE);
		b->env.proc->scan.syscalls[SYSCALL_READ]++;
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	b->n = len / sizeof(*b->found);
	/* the walk says where it ends */
	return b->n > 0 && b->found[b->n - 1].pid == 0 ? 0 : -EIO;
}

static int walk(struct bpf_finder *b)
{
	struct scan *scan = &b->env.proc->scan;
	int err, fd = bpf_walk_begin(b->walk, b->one_by_one);

	scan->syscalls[SYSCALL_OTHER]++;
	if (fd < 0)
		return fd;
	err = read_iterator(b, fd);
	proc_close(b->env.proc, fd);
	if (err)
		return err;
	b->n--;
	scan->fds += b->found[b->n].file_id;
	scan->processes += b->found[b->n].minor;
	return 0;
}

/* Whether some process has more holders than by_task can say: all it says of one fits one read. */
static bool has_crowd(const struct bpf_finder *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n; i++) {
		n = i && b->found[i].pid == b->found[i - 1].pid ? n + 1 : 1;
		if (n > READ_SIZE / sizeof(*b->found))
			return true;
	}
	return false;
}

static int bpf_find(void *state, finder_emit *emit, void *arg)
{
	struct bpf_finder *b = state;
	int err = walk(b);

	if (err == -E2BIG && !b->one_by_one) {
		b->one_by_one = true;
		err = walk(b);
	}
	if (!err)
		b->one_by_one = b->one_by_one && has_crowd(b);
	open_files_begin(&b->files);
	for (size_t i = 0; i < b->n && !err; i++) {
		const struct bpf_holder *f = &b->found[i];
		struct file_holder h = { f->file_id, (pid_t)f->pid, f->fd, makedev(f->major, f->minor) };

		if (f->pid)
			err = open_files_emit(&b->files, &h, emit, arg);
	}
	open_files_end(&b->files);
	return err;
}

const struct finder_ops finder_by_bpf = {
	.name = "bpf",
	.help = "walk all descriptor tables in the kernel; needs CAP_BPF and CAP_PERFMON (or gputop-bpf-pin), and CAP_SYS_PTRACE for others' processes",
	/* it loads in the time of some 50 passes of cached beside 550 processes */
	.min_passes = 50,
	.open = bpf_open,
	.find = bpf_find,
	.close = bpf_close,
};
