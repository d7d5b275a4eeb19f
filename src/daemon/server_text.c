/* SPDX-License-Identifier: MIT */
#include "server_text.h"

#include <errno.h>
#include <inttypes.h>

#include "../fdinfo/record.h"

void server_text_done(struct server_text *st)
{
	view_done(&st->view);
	raw_done(&st->raw);
	buf_done(&st->body);
}

/* Keeps of the view what belongs to @uid. */
static void keep_own(struct view *v, uint64_t uid)
{
	size_t n = 0;

	for (size_t i = 0; i < v->n_clients; i++)
		if (v->clients[i]->process->uid == uid)
			v->clients[n++] = v->clients[i];
	v->n_clients = n;
}

static void add(uint64_t *sum, const uint64_t *values, size_t n, size_t i)
{
	if (i < n && values[i] != UNKNOWN)
		*sum = *sum == UNKNOWN ? values[i] : *sum + values[i];
}

/* What all users but @user have used of device @d of @t: time of engine @e, memory of region @r. */
static uint64_t others_sum(const struct totals *t, const char *user, size_t d, size_t i, bool is_region)
{
	uint64_t sum = UNKNOWN;

	for (size_t g = 0; g <= t->users.n; g++) {
		const struct totals_group *group = g < t->users.n ? t->users.list[g] : t->users.other;
		const struct totals_usage *u;

		if (!group || d >= group->n_devices || strcmp(group->name, user) == 0)
			continue;
		u = &group->devices[d];
		if (is_region)
			add(&sum, u->resident, u->n_regions, i);
		else if (i < u->n_engines)
			add(&sum, &u->engines[i].busy_ns, 1, 0);
	}
	return sum;
}

/* The others of a device as one client, its lines as a driver would print them. */
static void add_others(struct server_text *st, const struct eyes *eyes, const struct snapshot_device *d,
		       const struct totals *t, size_t index, uint64_t t_ns, struct buf *out)
{
	struct record r = {
		.kind = RECORD_CLIENT, .gpu = str_of(d->device.gpu), .t_ns = t_ns,
		.process = { .uid = UNKNOWN, .comm = str_of("others"), .user = str_of("others") },
		.fi = { .client_id = UNKNOWN },
	};
	struct buf *body = &st->body;

	buf_reset(body);
	buf_printf(body, "drm-driver:\t%s\n", *d->device.driver ? d->device.driver : "unknown");
	for (size_t i = 0; i < d->n_engines; i++) {
		const struct snapshot_engine *e = &d->engines[i];
		uint64_t busy_ns = others_sum(t, eyes->user, index, i, false);

		if (busy_ns != UNKNOWN)
			buf_printf(body, "drm-engine-%s:\t%" PRIu64 " ns\n", e->name, busy_ns);
		if (e->capacity > 1)
			buf_printf(body, "drm-engine-capacity-%s:\t%" PRIu64 "\n", e->name, e->capacity);
	}
	for (size_t i = 0; i < d->n_regions; i++) {
		uint64_t bytes = others_sum(t, eyes->user, index, i, true);

		if (bytes != UNKNOWN)
			buf_printf(body, "drm-resident-%s:\t%" PRIu64 "\n", d->regions[i].name, bytes);
	}
	r.text = (struct str){ body->ptr, body->len };
	record_write_device(&d->device, out);
	record_write_client(&r, out);
}

int server_text(struct server_text *st, const struct eyes *eyes, const struct snapshot *s,
		const struct totals *t, struct buf *out)
{
	static const struct view_options everything = { .all = true };
	int err = view_select(&st->view, &everything, s);

	if (err)
		return err;
	st->raw.is_open = true;
	if (!eyes->all) {
		keep_own(&st->view, eyes->uid);
		for (size_t i = 0; i < s->n_devices; i++)
			for (size_t d = 0; d < t->n_devices; d++)
				if (strcmp(t->devices[d].gpu, s->devices[i].device.gpu) == 0)
					add_others(st, eyes, &s->devices[i], t, d, s->frame.t_ns, out);
	}
	err = report_raw(&st->raw, s, &st->view, out);
	return err ? err : st->body.err;
}
