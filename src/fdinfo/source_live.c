/* SPDX-License-Identifier: MIT */
#include "source_ops.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../now.h"
#include "device_facts.h"

struct live {
	struct source source;
	struct proc proc;
	struct devices *devices;
	struct process_cache *processes;
	struct finder_env env;
	struct finder *finder;		/* NULL: auto, before the first pass */
	struct record record;
	struct table *table;	/* of the pass under way */
	uint64_t seq;
};

/*
 * The device of a record. @room is for a name that has to be made. Where neither the text nor the node
 * says (a platform device whose node may not be learned), the driver has to do.
 */
static struct str gpu_of(const struct live *l, const struct fdinfo *fi, dev_t rdev, char room[static 64])
{
	const struct device *d, *match = NULL;
	size_t n;

	if (fi->pdev.ptr)
		return fi->pdev;
	if (rdev) {
		d = devices_find(l->devices, rdev);
		if (d)
			return str_of(d->gpu);
		device_gpu_of_minor(rdev, room);
		return str_of(room);
	}
	d = devices_list(l->devices, &n);
	for (size_t i = 0; i < n; i++) {
		if (!str_is(fi->driver, d[i].driver))
			continue;
		if (match)
			return fi->driver;
		match = &d[i];
	}
	return match ? str_of(match->gpu) : fi->driver;
}

static const struct process nobody = { .uid = UNKNOWN };

static int take_holder(void *arg, const struct holder *h)
{
	struct live *l = arg;
	struct record *r = &l->record;
	const struct process *process = &nobody;
	char room[64];
	int err = h->pid ? process_lookup(l->processes, h->pid, h->t_ns, &process) : 0;

	if (proc_is_exhausted(err))
		return err;
	if (err) {
		l->proc.scan.gone++;
		return 0;
	}
	record_reset(r);
	r->kind = RECORD_CLIENT;
	r->t_ns = h->is_sharer ? 0 : h->t_ns;
	r->rdev = h->rdev;
	r->process = *process;
	err = h->fd >= 0 ? record_add_fd(r, h->fd) : 0;
	if (!err && h->text.ptr) {
		r->text = fdinfo_body(h->text);
		err = fdinfo_parse(&r->fi, r->text);
	}
	if (err)
		return err;
	l->proc.scan.malformed += r->fi.n_malformed;
	r->gpu = gpu_of(l, &r->fi, h->rdev, room);
	return table_add(l->table, r);
}

static int add_devices(struct live *l)
{
	const struct device *list;
	size_t n;
	int err;

	/* on any other error the old list stands, and the clients are still worth seeing */
	if (devices_refresh(l->devices) == -ENOMEM)
		return -ENOMEM;
	if (devices_read_sensors(l->devices, now_ns(), &l->proc.scan))
		return -ENOMEM;
	list = devices_list(l->devices, &n);
	for (size_t i = 0; i < n; i++) {
		record_reset(&l->record);
		l->record.kind = RECORD_DEVICE;
		l->record.device = list[i];
		err = table_add(l->table, &l->record);
		if (err)
			return err;
	}
	return 0;
}

static int live_next(struct source *s, struct table *t)
{
	struct live *l = (struct live *)s;
	struct frame *frame = &l->record.frame;
	uint64_t wall_ns = now_ns(), cpu_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	int err;

	l->table = t;
	l->proc.scan = (struct scan){ 0 };
	err = add_devices(l);
	if (!err && !l->finder)
		err = finder_new("auto", &l->env, NULL, &l->finder);
	if (!err)
		err = finder_find(l->finder, take_holder, l);
	process_cache_sweep(l->processes);
	if (err)
		return err;

	record_reset(&l->record);
	l->record.kind = RECORD_FRAME;
	frame->seq = ++l->seq;
	frame->t_ns = now_ns();
	frame->clock_ns = clock_ns(CLOCK_REALTIME);
	gethostname(frame->host, sizeof(frame->host) - 1);
	frame->scan = l->proc.scan;
	frame->scan.wall_ns = frame->t_ns - wall_ns;
	frame->scan.cpu_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID) - cpu_ns;
	snprintf(frame->scan.finder, sizeof(frame->scan.finder), "%s", finder_name(l->finder));
	snprintf(frame->scan.passed_over, sizeof(frame->scan.passed_over), "%s", finder_passed_over(l->finder));
	return table_add(t, &l->record);
}

static void live_free(struct source *s)
{
	struct live *l = (struct live *)s;

	finder_free(l->finder);
	process_cache_free(l->processes);
	devices_free(l->devices);
	record_done(&l->record);
	proc_done(&l->proc);
	free(l);
}

static const struct source_ops live_ops = {
	.next = live_next,
	.free = live_free,
};

static int live_init(struct live *l, const struct live_options *o, struct finder_why *why)
{
	int err;

	if (o->majors) {
		if (o->n_majors > FINDER_MAX_MAJORS)
			return -EINVAL;
		memcpy(l->env.majors, o->majors, o->n_majors * sizeof(*o->majors));
		l->env.n_majors = o->n_majors;
	}
	err = proc_init(&l->proc, o->proc);
	if (err)
		return err;
	if (!o->majors)
		l->env.n_majors = proc_gpu_majors(&l->proc, l->env.majors, FINDER_MAX_MAJORS);
	err = devices_new(o->sys, &l->devices);
	if (err)
		return err;
	err = process_cache_new(&l->proc, &l->processes);
	if (err)
		return err;
	l->env.stale_ns = o->stale_ns;
	l->env.n_passes = o->n_passes;
	l->env.sys = o->sys;
	l->env.proc = &l->proc;
	l->env.devices = l->devices;
	/* auto never fails where /proc is there, and may take its time: that is the first pass' */
	if (!o->finder || strcmp(o->finder, "auto") == 0)
		return 0;
	return finder_new(o->finder, &l->env, why, &l->finder);
}

int source_live_new(const struct live_options *o, struct finder_why *why, struct source **ret)
{
	struct live *l = calloc(1, sizeof(*l));
	int err;

	*why = (struct finder_why){ 0 };
	if (!l)
		return -ENOMEM;
	l->source = (struct source){ .ops = &live_ops, .fd = -1 };
	l->proc.fd = -1;
	err = live_init(l, o, why);
	if (err)
		live_free(&l->source);
	else
		*ret = &l->source;
	return err;
}
