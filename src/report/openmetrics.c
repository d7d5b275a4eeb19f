/* SPDX-License-Identifier: MIT */
#include "openmetrics.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "../fdinfo/array.h"
#include "metric.h"

const char *openmetrics_content_type(bool is_openmetrics)
{
	return is_openmetrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8" :
				"text/plain; version=0.0.4; charset=utf-8";
}

void openmetrics_done(struct openmetrics *om)
{
	buf_done(&om->labels);
	free(om->offsets);
	free(om->devices);
	*om = (struct openmetrics){ 0 };
}

/*
 * --- labels ---
 * They are the same in many families, so each is made once: of a device, of each of its engines and
 * regions, of each group and client. Every one begins with a comma.
 */
struct writer {
	struct openmetrics *om;
	struct buf *out;
	struct metric_at at;
	const struct metric *m;
	bool has_heading;
	size_t n_labels;
	size_t users, cgroups, clients;	/* the first label of theirs; the bucket comes after the list */
	size_t n_clients;
};

/* Room was made for it. */
static void end_label(struct writer *w)
{
	w->om->offsets[++w->n_labels] = w->om->labels.len;
}

static struct str label(const struct writer *w, size_t i)
{
	const size_t *offsets = w->om->offsets;

	return (struct str){ w->om->labels.ptr + offsets[i], offsets[i + 1] - offsets[i] };
}

static void make_parts(struct writer *w, const struct totals_device *d, const char *name, char **parts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		metric_add_label(&w->om->labels, "gpu", str_of(d->gpu));
		metric_add_label(&w->om->labels, name, str_of(parts[i]));
		end_label(w);
	}
}

static size_t make_groups(struct writer *w, const struct totals_groups *gs, const char *name)
{
	size_t first = w->n_labels;

	for (size_t i = 0; i < gs->n; i++) {
		metric_add_label(&w->om->labels, name, str_of(gs->list[i]->name));
		end_label(w);
	}
	if (gs->other) {
		metric_add_label(&w->om->labels, name, str_of(gs->other->name));
		end_label(w);
	}
	return first;
}

static void make_client(struct writer *w, const struct snapshot_client *c)
{
	struct buf *out = &w->om->labels;

	if (c->id != UNKNOWN)
		buf_printf(out, ",client=\"%" PRIu64 "\"", c->id);
	else
		buf_printf(out, ",client=\"%d:%d\"", c->process->pid, c->n_holders ? c->holders[0].fd : -1);
	end_label(w);
}

static int make_labels(struct writer *w)
{
	const struct totals *t = w->at.totals;
	struct openmetrics *om = w->om;
	size_t n = 1 + t->users.n + 1 + t->cgroups.n + 1 + w->n_clients;

	for (size_t i = 0; i < t->n_devices; i++)
		n += 1 + t->devices[i].n_engines + t->devices[i].n_regions;
	if (ARRAY_RESERVE(&om->offsets, &om->offsets_size, n) ||
	    ARRAY_RESERVE(&om->devices, &om->devices_size, t->n_devices))
		return -ENOMEM;
	buf_reset(&om->labels);
	om->offsets[0] = 0;
	for (size_t i = 0; i < t->n_devices; i++) {
		const struct totals_device *d = &t->devices[i];

		om->devices[i] = w->n_labels;
		metric_add_label(&om->labels, "gpu", str_of(d->gpu));
		end_label(w);
		make_parts(w, d, "engine", d->engines, d->n_engines);
		make_parts(w, d, "region", d->regions, d->n_regions);
	}
	w->users = make_groups(w, &t->users, "user");
	w->cgroups = make_groups(w, &t->cgroups, "cgroup");
	w->clients = w->n_labels;
	for (size_t i = 0; i < w->n_clients; i++)
		make_client(w, &w->at.snapshot->clients[i]);
	return om->labels.err;
}

/* --- samples --- */

static void add_text(struct buf *out, const char *text)
{
	buf_add(out, text, strlen(text));
}

static void add_heading(struct writer *w)
{
	const struct metric *m = w->m;
	const char *unit = metric_unit_name(m);
	bool is_openmetrics = w->at.options->is_openmetrics;
	const char *suffix = is_openmetrics ? "" : metric_suffix(m);
	const char *type = m->type == METRIC_COUNTER ? "counter" :
			   m->type == METRIC_INFO && is_openmetrics ? "info" : "gauge";

	buf_printf(w->out, "# HELP %s%s %s\n# TYPE %s%s %s\n", m->name, suffix, m->help, m->name, suffix, type);
	if (unit && is_openmetrics)
		buf_printf(w->out, "# UNIT %s %s\n", m->name, unit);
	w->has_heading = true;
}

static void add_value(struct buf *out, uint64_t n, unsigned int decimals)
{
	char text[24];
	size_t at = sizeof(text);

	text[--at] = '\n';
	for (unsigned int digits = 0; n || digits <= decimals; digits++, n /= 10) {
		if (decimals && digits == decimals)
			text[--at] = '.';
		text[--at] = (char)('0' + n % 10);
	}
	buf_add(out, text + at, sizeof(text) - at);
}

static const struct str no_label = { NULL, 0 };

/* The sample at w->at, if there is one. @a and @b: its labels as they were made. */
static void add_sample(struct writer *w, struct str a, struct str b)
{
	const struct metric *m = w->m;
	uint64_t n = m->get ? m->get(&w->at) : 1;
	struct buf *out = w->out;
	size_t brace;

	if (n == UNKNOWN)
		return;
	if (!w->has_heading)
		add_heading(w);
	add_text(out, m->name);
	add_text(out, metric_suffix(m));
	brace = out->len;
	buf_add_str(out, a);
	buf_add_str(out, b);
	if (m->add_labels)
		m->add_labels(&w->at, out);
	if (out->err)
		return;
	if (out->len > brace) {
		out->ptr[brace] = '{'; /* for the first comma */
		buf_add(out, "}", 1);
	}
	buf_add(out, " ", 1);
	add_value(out, n, metric_decimals(m));
}

static void add_of_gputop(struct writer *w)
{
	for (w->at.i = 0; w->m->values && w->m->values[w->at.i]; w->at.i++) {
		buf_reset(&w->om->labels);
		metric_add_label(&w->om->labels, w->m->labels, str_of(w->m->values[w->at.i]));
		add_sample(w, buf_str(&w->om->labels), no_label);
	}
	if (!w->m->values)
		add_sample(w, no_label, no_label);
}

/* The samples of one device, engine by engine or region by region; @who is whose they are. */
static void add_parts(struct writer *w, size_t device, struct str who)
{
	const struct totals_device *d = &w->at.totals->devices[device];
	size_t first = w->om->devices[device] + 1, n = 0;

	w->at.device = d;
	if (!d->now && !w->m->outlives_device)
		return;
	if (w->m->per == METRIC_PER_ONE) {
		add_sample(w, label(w, first - 1), who);
	} else if (w->m->per == METRIC_PER_SIZE) {
		for (w->at.i = 0; d->now && w->at.i < d->now->device.sensors.n_sizes; w->at.i++)
			add_sample(w, label(w, first - 1), who);
	} else if (w->m->per == METRIC_PER_ENGINE) {
		n = d->n_engines;
	} else {
		first += d->n_engines;
		n = d->n_regions;
	}
	for (w->at.i = 0; w->at.i < n; w->at.i++)
		add_sample(w, label(w, first + w->at.i), who);
}

static void add_of_devices(struct writer *w)
{
	for (size_t i = 0; i < w->at.totals->n_devices; i++) {
		w->at.usage = &w->at.totals->devices[i].usage;
		add_parts(w, i, no_label);
	}
}

static void add_of_group(struct writer *w, const struct totals_group *g, struct str who)
{
	w->at.group = g;
	if (w->m->per == METRIC_PER_ONE) {
		add_sample(w, who, no_label);
		return;
	}
	for (size_t i = 0; i < g->n_devices; i++) {
		w->at.usage = &g->devices[i];
		add_parts(w, i, who);
	}
}

static void add_of_groups(struct writer *w, const struct totals_groups *gs, size_t first)
{
	for (size_t i = 0; i < gs->n; i++)
		add_of_group(w, gs->list[i], label(w, first + i));
	if (gs->other)
		add_of_group(w, gs->other, label(w, first + gs->n));
}

static void add_of_clients(struct writer *w)
{
	const struct totals_device *devices = w->at.totals->devices;
	size_t device = 0;

	for (size_t i = 0; i < w->n_clients; i++) {
		w->at.client = &w->at.snapshot->clients[i];
		while (devices[device].now != w->at.client->device)
			device = (device + 1) % w->at.totals->n_devices;
		add_parts(w, device, label(w, w->clients + i));
	}
}

static void add_family(struct writer *w)
{
	switch (w->m->of) {
	case METRIC_OF_GPUTOP:
		break;
	case METRIC_OF_DEVICE:
		add_of_devices(w);
		break;
	case METRIC_OF_USER:
		add_of_groups(w, &w->at.totals->users, w->users);
		break;
	case METRIC_OF_CGROUP:
		add_of_groups(w, &w->at.totals->cgroups, w->cgroups);
		break;
	case METRIC_OF_CLIENT:
		add_of_clients(w);
		break;
	}
}

int report_openmetrics(struct openmetrics *om, const struct openmetrics_options *o, const struct snapshot *s,
		       const struct totals *t, struct buf *out)
{
	struct writer w = { .om = om, .out = out, .at = { .options = o, .snapshot = s, .totals = t } };

	buf_reset(&om->labels);
	for (size_t i = 0; i < n_metrics; i++) {
		w.m = &metrics[i];
		w.has_heading = false;
		if (w.m->of == METRIC_OF_GPUTOP)
			add_of_gputop(&w);
	}
	if (om->labels.err)
		return om->labels.err;
	if (s) {
		w.n_clients = !o->per_client ? 0 : s->n_clients < o->max_clients ? s->n_clients :
			      (size_t)o->max_clients;
		if (make_labels(&w))
			return -ENOMEM;
	}
	for (size_t i = 0; s && i < n_metrics; i++) {
		w.m = &metrics[i];
		w.has_heading = false;
		add_family(&w);
	}
	if (o->is_openmetrics)
		add_text(out, "# EOF\n");
	return out->err;
}
