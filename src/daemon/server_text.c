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

/* Of start times: USER_HZ is 100. */
#define TICK_NS (NSEC_PER_SEC / 100)

/* Keeps of the view what belongs to @uid. */
static void keep_own(struct view *v, uint64_t uid)
{
	size_t n = 0;

	for (size_t i = 0; i < v->n_clients; i++)
		if (v->clients[i]->process->uid == uid)
			v->clients[n++] = v->clients[i];
	v->n_clients = n;
}

/* What everybody but the viewer's user, whose group is @own, has counted. */
static uint64_t less(uint64_t all, uint64_t own)
{
	return all == UNKNOWN || own == UNKNOWN ? all : all - own;
}

/* Totals of engine @i of device @d, the viewer's own left out. */
static struct totals_engine others_engine(const struct totals *t, const struct totals_group *own, size_t d, size_t i)
{
	struct totals_engine e = t->devices[d].usage.engines[i];

	if (own && d < own->n_devices && i < own->devices[d].n_engines) {
		e.busy_ns = less(e.busy_ns, own->devices[d].engines[i].busy_ns);
		e.cycles = less(e.cycles, own->devices[d].engines[i].cycles);
	}
	return e;
}

static void add_line(struct buf *out, const char *key, const char *name, uint64_t value, const char *unit)
{
	if (value != UNKNOWN)
		buf_printf(out, "drm-%s-%s:\t%" PRIu64 "%s\n", key, name, value, unit);
}

/* In the keys the driver has: what totals know beyond is derived, and no sum with the viewer's own clients. */
static void add_others_engine(const struct snapshot_engine *e, struct totals_engine used, struct buf *out)
{
	if (e->usage.busy_ns != UNKNOWN || e->usage.cycles == UNKNOWN)
		add_line(out, "engine", e->name, used.busy_ns, " ns");
	add_line(out, "cycles", e->name, used.cycles, "");
	if (used.cycles != UNKNOWN)
		add_line(out, "total-cycles", e->name, e->usage.total_cycles, "");
	add_line(out, "curfreq", e->name, e->curfreq_hz, " Hz");
	add_line(out, "maxfreq", e->name, e->maxfreq_hz, " Hz");
	if (e->capacity > 1)
		add_line(out, "engine-capacity", e->name, e->capacity, "");
}

/* Memory is what live clients hold: nothing of those that exited is left. */
static void add_others_region(const struct snapshot *s, const struct eyes *eyes, const struct snapshot_device *d,
			      size_t i, struct buf *out)
{
	static const struct {
		const char *name;
		size_t offset;
	} keys[] = {
		{ "total", offsetof(struct region_usage, total) },
		{ "shared", offsetof(struct region_usage, shared) },
		{ "resident", offsetof(struct region_usage, resident) },
		{ "purgeable", offsetof(struct region_usage, purgeable) },
		{ "active", offsetof(struct region_usage, active) },
	};

	for (size_t k = 0; k < N_OF(keys); k++) {
		uint64_t sum = UNKNOWN, value;

		for (size_t n = 0; n < s->n_clients; n++) {
			const struct snapshot_client *c = &s->clients[n];

			if (c->device != d || c->process->uid == eyes->uid)
				continue;
			memcpy(&value, (const char *)&c->regions[i] + keys[k].offset, sizeof(value));
			counter_add(&sum, value);
		}
		add_line(out, keys[k].name, d->regions[i].name, sum, "");
	}
}

/*
 * The others of a device as one client, its lines as a driver would print them. Its process began when the totals
 * did: those of a daemon that was started again are another client's.
 */
static void add_others(struct server_text *st, const struct eyes *eyes, const struct snapshot *s,
		       const struct snapshot_device *d, const struct totals *t, size_t index,
		       const struct totals_group *own, struct buf *out)
{
	struct record r = {
		.kind = RECORD_CLIENT, .listed_id = UNKNOWN, .refs = UNKNOWN,
		.gpu = str_of(d->device.gpu), .t_ns = s->frame.t_ns,
		.process = { .start_time = t->start_ns / TICK_NS, .uid = UNKNOWN, .comm = str_of("others"),
			     .user = str_of("others") },
		.fi = { .client_id = UNKNOWN },
	};
	struct buf *body = &st->body;

	buf_reset(body);
	buf_printf(body, "drm-driver:\t%s\n", *d->device.driver ? d->device.driver : "unknown");
	for (size_t i = 0; i < d->n_engines; i++)
		add_others_engine(&d->engines[i], others_engine(t, own, index, i), body);
	for (size_t i = 0; i < d->n_regions; i++)
		add_others_region(s, eyes, d, i, body);
	r.text = buf_str(body);
	record_write_device(&d->device, out);
	record_write_client(&r, out);
}

/* All that is not the viewer's own, device by device. 0 or -ENOMEM. */
static int add_all_others(struct server_text *st, const struct eyes *eyes, const struct snapshot *s,
			  struct totals *t, struct buf *out)
{
	const struct totals_group *own = NULL;
	/* whose clients are in "other" needs a group to be told apart from it */
	int err = totals_keep_user(t, eyes->user, st->view.n_clients > 0, s->frame.t_ns, &own);

	for (size_t i = 0; i < s->n_devices && !err; i++)
		for (size_t d = 0; d < t->n_devices; d++)
			if (strcmp(t->devices[d].gpu, s->devices[i].device.gpu) == 0)
				add_others(st, eyes, s, &s->devices[i], t, d, own, out);
	return err;
}

int server_text(struct server_text *st, const struct eyes *eyes, const struct snapshot *s,
		struct totals *t, struct buf *out)
{
	static const struct view_options everything = { .all = true };
	int err = view_select(&st->view, &everything, s);

	if (err)
		return err;
	st->raw.is_open = true;
	st->raw.hides_strangers = !eyes->all;
	if (!eyes->all) {
		keep_own(&st->view, eyes->uid);
		err = add_all_others(st, eyes, s, t, out);
	}
	if (!err)
		err = report_raw(&st->raw, s, &st->view, out);
	return err ? err : st->body.err;
}
