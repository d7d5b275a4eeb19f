/* SPDX-License-Identifier: MIT */
#include "finders.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <holders.skel.h>

#include "../../kernel/bpf/holders.h"
#include "array.h"
#include "bpf_why.h"
#include "open_files.h"

_Static_assert(BPF_MAX_MAJORS >= FINDER_MAX_MAJORS, "all majors fit");

struct bpf_finder {
	struct finder_env env;
	struct open_files files;
	struct holders_bpf *programs;
	struct bpf_link *by_task, *by_file;
	bool one_by_one;		/* some process has more holders than by_task can say */
	struct bpf_holder *found;
	size_t n, size;			/* of what was read, and of the room for it */
};

/* What one read(2) of an iterator yields at most: the size of its buffer in the kernel. */
#define READ_SIZE ((size_t)32 << 10)

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

static void bpf_close(void *state)
{
	struct bpf_finder *b = state;

	bpf_link__destroy(b->by_task);
	bpf_link__destroy(b->by_file);
	holders_bpf__destroy(b->programs);
	open_files_done(&b->files);
	free(b->found);
	free(b);
}

static int load(struct bpf_finder *b)
{
	struct holders_bpf *p = holders_bpf__open();
	int err;

	b->programs = p;
	if (!p)
		return -errno;
	for (size_t i = 0; i < b->env.n_majors; i++)
		p->rodata->majors[i] = b->env.majors[i];
	p->rodata->n_majors = (__u32)b->env.n_majors;
	if (getrandom((void *)p->rodata->key, sizeof(p->rodata->key), 0) != (ssize_t)sizeof(p->rodata->key))
		return -EIO;
	err = holders_bpf__load(p);
	if (err)
		return err;
	b->by_task = bpf_program__attach_iter(p->progs.walk_tasks, NULL);
	if (!b->by_task)
		return -errno;
	b->by_file = bpf_program__attach_iter(p->progs.walk_files, NULL);
	return b->by_file ? 0 : -errno;
}

static int bpf_open(const struct finder_env *env, struct finder_why *why, void **ret)
{
	struct bpf_finder *b;
	int err = bpf_check(env, why);

	if (err)
		return err;
	b = calloc(1, sizeof(*b));
	if (!b)
		return -ENOMEM;
	b->env = *env;
	open_files_init(&b->files, &b->env);
	/* it would print to stderr; what went wrong is in the error */
	libbpf_set_print(NULL);
	err = load(b);
	if (!err) {
		*ret = b;
		return 0;
	}
	bpf_close(b);
	return bpf_refuse(why, err);
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
	int err, fd = bpf_iter_create(bpf_link__fd(b->one_by_one ? b->by_file : b->by_task));

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

static int bpf_find(void *state, finder_emit *emit, void *arg)
{
	struct bpf_finder *b = state;
	int err = walk(b);

	if (err == -E2BIG && !b->one_by_one) {
		b->one_by_one = true;
		err = walk(b);
	}
	open_files_begin(&b->files);
	for (size_t i = 0; i < b->n && !err; i++) {
		const struct bpf_holder *f = &b->found[i];
		struct file_holder h = { f->file_id, (pid_t)f->pid, f->fd, makedev(f->major, f->minor) };

		if (f->pid)
			err = open_files_emit(&b->files, &h, now_ns, emit, arg);
	}
	open_files_end(&b->files);
	return err;
}

const struct finder_ops finder_by_bpf = {
	.name = "bpf",
	.help = "walk all descriptor tables in the kernel; needs CAP_BPF and CAP_PERFMON, and CAP_SYS_PTRACE for others' processes",
	/* it loads in the time of some 50 passes of cached beside 550 processes */
	.min_passes = 50,
	.open = bpf_open,
	.find = bpf_find,
	.close = bpf_close,
};
