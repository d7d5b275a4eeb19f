/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "pass.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* A finder asks of the devices only which of them sleep. */
const struct device *devices_list(const struct devices *ds, size_t *ret_n)
{
	*ret_n = ds->n;
	return ds->list;
}

const struct device *devices_find(const struct devices *ds, dev_t rdev)
{
	return ds->n && ds->list[0].nodes[0].rdev == rdev ? &ds->list[0] : NULL;
}

int pass_keep(void *arg, const struct holder *h)
{
	struct pass *p = arg;
	struct found *f = &p->found[p->n];
	size_t len = h->text.len < sizeof(f->text) ? h->text.len : sizeof(f->text) - 1;

	if (p->n == PASS_MAX) {
		p->n_more++;
		return p->stop;
	}
	memset(f, 0, sizeof(*f));
	f->pid = h->pid;
	f->fd = h->fd;
	f->rdev = h->rdev;
	f->is_sharer = h->is_sharer;
	f->text_len = h->text.len;
	if (len)
		memcpy(f->text, h->text.ptr, len);
	assert_true(h->t_ns > 0);
	p->last_ns = h->t_ns;
	p->n++;
	return p->stop;
}

static int by_pid_and_fd(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	return x->pid != y->pid ? (x->pid > y->pid) - (x->pid < y->pid) : x->fd - y->fd;
}

void pass_run(struct pass *pass, const char *name, const char *root, const struct devices *devices,
	      unsigned int major)
{
	struct proc p;
	struct finder_env env = { .proc = &p, .devices = devices, .majors = { major }, .n_majors = 1 };
	struct finder *f;

	pass->n = pass->n_more = 0;
	assert_int_equal(proc_init(&p, root), 0);
	assert_int_equal(finder_new(name, &env, NULL, &f), 0);
	pass->ret = finder_find(f, pass_keep, pass);
	pass->scan = p.scan;
	finder_free(f);
	proc_done(&p);
	qsort(pass->found, pass->n, sizeof(pass->found[0]), by_pid_and_fd);
}

const struct found *pass_find(const struct pass *pass, pid_t pid, int fd)
{
	for (size_t i = 0; i < pass->n; i++)
		if (pass->found[i].pid == pid && pass->found[i].fd == fd)
			return &pass->found[i];
	return NULL;
}

size_t pass_count(const struct pass *pass, pid_t pid)
{
	size_t n = 0;

	for (size_t i = 0; i < pass->n; i++)
		n += pass->found[i].pid == pid;
	return n;
}

size_t pass_count_sharers(const struct pass *pass)
{
	size_t n = 0;

	for (size_t i = 0; i < pass->n; i++)
		n += pass->found[i].is_sharer;
	return n;
}

void pass_expect(const struct pass *pass, size_t n, ...)
{
	va_list pairs;

	assert_int_equal(pass->n, n);
	va_start(pairs, n);
	for (size_t i = 0; i < n; i++) {
		pid_t pid = va_arg(pairs, pid_t);
		int fd = va_arg(pairs, int);

		assert_non_null(pass_find(pass, pid, fd));
	}
	va_end(pairs);
}
