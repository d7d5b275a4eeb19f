/* SPDX-License-Identifier: MIT */
#include "report.h"

#include <errno.h>
#include <stdlib.h>

#include "../fdinfo/array.h"
#include "../fdinfo/record.h"

void raw_done(struct raw *raw)
{
	free(raw->fds);
	*raw = (struct raw){ 0 };
}

/* The start time is part of who it is: the older one of two holders is the owner. */
static struct process stranger_of(const struct snapshot_process *p)
{
	return (struct process){ .pid = p->pid, .start_time = p->start_time, .uid = p->uid };
}

static struct process process_of(const struct snapshot_process *p)
{
	struct process ret = {
		.pid = p->pid, .start_time = p->start_time, .uid = p->uid,
		.comm = str_or_absent(p->comm), .cmdline = str_or_absent(p->cmdline),
		.user = str_or_absent(p->user), .cgroup = str_or_absent(p->cgroup),
		.n_ancestors = p->n_ancestors,
	};

	if (p->n_ancestors)
		memcpy(ret.ancestors, p->ancestors, p->n_ancestors * sizeof(*p->ancestors));
	return ret;
}

static int fds_of(struct raw *raw, const struct snapshot_client *c, pid_t pid, struct record *r)
{
	if (ARRAY_RESERVE(&raw->fds, &raw->fds_size, c->n_holders))
		return -ENOMEM;
	for (size_t i = 0; i < c->n_holders; i++)
		if (c->holders[i].pid == pid)
			raw->fds[r->n_fds++] = c->holders[i].fd;
	r->fds = raw->fds;
	return 0;
}

/*
 * @p holds @c. The reading goes with the owner and only there, as the others read the same counters; they
 * say which client they hold. A text kept from an earlier frame (the device sleeps since) goes out with its
 * own, old time: no time passed for it, so that a replay says unknown as well.
 */
static int add_client(struct raw *raw, const struct snapshot_client *c, const struct snapshot_process *p,
		      struct buf *out)
{
	bool is_stranger = raw->hides_strangers && p->uid != c->process->uid;
	struct record r = {
		.kind = RECORD_CLIENT, .listed_id = UNKNOWN, .refs = UNKNOWN,
		.gpu = str_of(c->device->device.gpu), .rdev = c->rdev,
		.process = is_stranger ? stranger_of(p) : process_of(p),
		.fi = { .driver = str_or_absent(c->device->device.driver), .client_id = c->id },
	};

	if (!is_stranger && fds_of(raw, c, p->pid, &r))
		return -ENOMEM;
	if (p == c->process && c->text.ptr) {
		r.text = c->text;
		r.t_ns = c->t_ns;
	}
	record_write_client(&r, out);
	return 0;
}

int report_raw(struct raw *raw, const struct snapshot *s, const struct view *v, struct buf *out)
{
	if (!raw->is_open)
		record_write_protocol(out);
	raw->is_open = true;
	for (size_t i = 0; i < v->n_devices; i++)
		record_write_device(&v->devices[i]->device, out);
	for (size_t i = 0; i < v->n_clients; i++) {
		const struct snapshot_client *c = v->clients[i];

		if (add_client(raw, c, c->process, out))
			return -ENOMEM;
		for (size_t k = 0; k < c->n_sharers; k++)
			if (add_client(raw, c, c->sharers[k], out))
				return -ENOMEM;
	}
	record_write_frame(&s->frame, out);
	return out->err;
}
