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

enum kind { BUSY_NS, CYCLES, RESIDENT };

static uint64_t value_of(const struct totals_usage *u, enum kind kind, size_t i)
{
	if (kind == RESIDENT)
		return i < u->n_regions ? u->resident[i] : UNKNOWN;
	if (i >= u->n_engines)
		return UNKNOWN;
	return kind == CYCLES ? u->engines[i].cycles : u->engines[i].busy_ns;
}

/* What all users but @user have used of engine, or use of region, @i of device @d of @t. */
static uint64_t others_sum(const struct totals *t, const char *user, size_t d, enum kind kind, size_t i)
{
	uint64_t sum = UNKNOWN;

	for (size_t g = 0; g <= t->users.n; g++) {
		const struct totals_group *group = g < t->users.n ? t->users.list[g] : t->users.other;
		uint64_t value;

		if (!group || d >= group->n_devices || strcmp(group->name, user) == 0)
			continue;
		value = value_of(&group->devices[d], kind, i);
		if (value != UNKNOWN)
			sum = value + (sum == UNKNOWN ? 0 : sum);
	}
	return sum;
}

static void add_line(struct buf *out, const char *key, const char *name, uint64_t value, const char *unit)
{
	if (value != UNKNOWN)
		buf_printf(out, "drm-%s-%s:\t%" PRIu64 "%s\n", key, name, value, unit);
}

/* In the keys the driver has: what totals know beyond is derived, and no sum with the viewer's own clients. */
static void add_others_engine(const struct snapshot_engine *e, uint64_t busy_ns, uint64_t cycles, struct buf *out)
{
	if (e->usage.busy_ns != UNKNOWN || e->usage.cycles == UNKNOWN)
		add_line(out, "engine", e->name, busy_ns, " ns");
	add_line(out, "cycles", e->name, cycles, "");
	if (cycles != UNKNOWN)
		add_line(out, "total-cycles", e->name, e->usage.total_cycles, "");
	add_line(out, "curfreq", e->name, e->curfreq_hz, " Hz");
	add_line(out, "maxfreq", e->name, e->maxfreq_hz, " Hz");
	if (e->capacity > 1)
		add_line(out, "engine-capacity", e->name, e->capacity, "");
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
	for (size_t i = 0; i < d->n_engines; i++)
		add_others_engine(&d->engines[i], others_sum(t, eyes->user, index, BUSY_NS, i),
				  others_sum(t, eyes->user, index, CYCLES, i), body);
	for (size_t i = 0; i < d->n_regions; i++)
		add_line(body, "resident", d->regions[i].name, others_sum(t, eyes->user, index, RESIDENT, i), "");
	r.text = buf_str(body);
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
	st->raw.hides_strangers = !eyes->all;
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
