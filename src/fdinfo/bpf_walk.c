/* SPDX-License-Identifier: MIT */
#include "bpf_walk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <holders.skel.h>

#include "../../kernel/bpf/holders.h"
#include "finder.h"

_Static_assert(BPF_MAX_MAJORS >= FINDER_MAX_MAJORS, "all majors fit");

struct bpf_walk {
	struct holders_bpf *programs;	/* NULL: pinned by another process */
	struct bpf_link *by_task, *by_file;
	int pins;			/* the directory, if pinned */
};

void bpf_walk_close(struct bpf_walk *w)
{
	if (!w)
		return;
	bpf_link__destroy(w->by_task);
	bpf_link__destroy(w->by_file);
	holders_bpf__destroy(w->programs);
	if (w->pins >= 0)
		close(w->pins);
	free(w);
}

static int load(struct bpf_walk *w, const unsigned int *majors, size_t n_majors)
{
	struct holders_bpf *p = holders_bpf__open();
	int err;

	w->programs = p;
	if (!p)
		return -errno;
	for (size_t i = 0; i < n_majors; i++)
		p->rodata->majors[i] = majors[i];
	p->rodata->n_majors = (__u32)n_majors;
	if (getrandom((void *)p->rodata->key, sizeof(p->rodata->key), 0) != (ssize_t)sizeof(p->rodata->key))
		return -EIO;
	err = holders_bpf__load(p);
	if (err)
		return err;
	w->by_task = bpf_program__attach_iter(p->progs.walk_tasks, NULL);
	if (!w->by_task)
		return -errno;
	w->by_file = bpf_program__attach_iter(p->progs.walk_files, NULL);
	return w->by_file ? 0 : -errno;
}

int bpf_walk_load(const unsigned int *majors, size_t n_majors, struct bpf_walk **ret)
{
	struct bpf_walk *w = calloc(1, sizeof(*w));
	int err;

	if (!w)
		return -ENOMEM;
	w->pins = -1;
	/* it would print to stderr; what went wrong is in the error */
	libbpf_set_print(NULL);
	err = load(w, majors, n_majors);
	if (err)
		bpf_walk_close(w);
	else
		*ret = w;
	return err;
}

int bpf_walk_open_pinned(const char *dir, struct bpf_walk **ret)
{
	struct bpf_walk *w = calloc(1, sizeof(*w));
	int err = 0;

	if (!w)
		return -ENOMEM;
	/* as long as this is open the pins are there, even where they are unmounted */
	w->pins = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (w->pins < 0 || faccessat(w->pins, BPF_WALK_PIN_TASKS, R_OK, AT_EACCESS) ||
	    faccessat(w->pins, BPF_WALK_PIN_FILES, R_OK, AT_EACCESS))
		err = -errno;
	if (err)
		bpf_walk_close(w);
	else
		*ret = w;
	return err;
}

int bpf_walk_begin(const struct bpf_walk *w, bool one_by_one)
{
	int fd;

	if (w->programs)
		return bpf_iter_create(bpf_link__fd(one_by_one ? w->by_file : w->by_task));
	fd = openat(w->pins, one_by_one ? BPF_WALK_PIN_FILES : BPF_WALK_PIN_TASKS, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int bpf_walk_pin(const struct bpf_walk *w, const char *dir)
{
	char path[PATH_MAX];
	int err;

	if (snprintf(path, sizeof(path), "%s/" BPF_WALK_PIN_TASKS, dir) >= PATH_MAX)
		return -ENAMETOOLONG;
	err = bpf_link__pin(w->by_task, path);
	if (err)
		return err;
	snprintf(path, sizeof(path), "%s/" BPF_WALK_PIN_FILES, dir);
	return bpf_link__pin(w->by_file, path);
}
