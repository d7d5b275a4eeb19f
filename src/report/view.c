/* SPDX-License-Identifier: MIT */
#include "view.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "../fdinfo/array.h"

/* A client with what it is sorted by, so that each is asked once and not in every comparison. */
struct view_row {
	const struct snapshot_client *client;
	struct value key, tie;
	size_t made_at;		/* where key's text lies in the scratch; SIZE_MAX: it is the snapshot's */
};

void view_done(struct view *v)
{
	free(v->clients);
	free(v->devices);
	free(v->rows);
	buf_done(&v->scratch);
	*v = (struct view){ 0 };
}

static bool device_matches(const struct device *d, const char *gpu)
{
	const char *base = strncmp(gpu, "/dev/", 5) ? gpu : strrchr(gpu, '/') + 1;

	if (!strcmp(gpu, d->gpu) || !strcmp(gpu, d->driver))
		return true;
	/* as lspci prints it: without the domain, where that is the first */
	if (!strncmp(d->gpu, "0000:", 5) && !strcmp(gpu, d->gpu + 5))
		return true;
	for (size_t i = 0; i < d->n_nodes; i++)
		if (!strcmp(base, d->nodes[i].name))
			return true;
	return false;
}

static bool is_one_of_pids(const struct snapshot_process *p, const struct view_options *o)
{
	for (size_t i = 0; i < o->n_pids; i++)
		if (o->pids[i] == p->pid)
			return true;
	return o->n_pids == 0;
}

static bool is_one_of_users(const struct snapshot_process *p, const struct view_options *o)
{
	char uid[24] = "";

	if (p->uid != UNKNOWN)
		snprintf(uid, sizeof(uid), "%" PRIu64, p->uid);
	for (size_t i = 0; i < o->n_users; i++)
		if (*o->users[i] && (!strcmp(o->users[i], p->user) || !strcmp(o->users[i], uid)))
			return true;
	return o->n_users == 0;
}

/* One process must fit all conditions: "-p 1 -u alice" is alice's process 1. */
static bool process_matches(const struct snapshot_process *p, const struct view_options *o)
{
	return is_one_of_pids(p, o) && is_one_of_users(p, o);
}

static bool client_matches(const struct snapshot_client *c, const struct view_options *o)
{
	if (o->gpu && !device_matches(&c->device->device, o->gpu))
		return false;
	if (!o->all && snapshot_client_is_idle(c))
		return false;
	if (process_matches(c->process, o))
		return true;
	for (size_t i = 0; i < c->n_sharers; i++)
		if (process_matches(c->sharers[i], o))
			return true;
	return false;
}

static struct view_row row_make(const struct snapshot_client *c, const struct column *sort,
				struct buf *scratch)
{
	struct view_row row = { .client = c, .made_at = SIZE_MAX };
	size_t from = scratch->len;

	if (sort->field) {
		row.key = column_get(sort, c, scratch);
		row.tie = (struct value){ .type = FIELD_COUNT, .n = 0 };
	} else {
		row.key = (struct value){ .type = FIELD_RATIO, .ratio = snapshot_client_use(c) };
		row.tie = (struct value){ .type = FIELD_BYTES, .n = snapshot_client_memory(c) };
	}
	if (scratch->len > from)
		row.made_at = from;
	return row;
}

/* Unknown stays last whichever way the known ones go. */
static int value_order(const struct value *a, const struct value *b, bool reverse)
{
	bool descending = (a->type != FIELD_TEXT) != reverse;

	if (value_is_unknown(a) || value_is_unknown(b) || !descending)
		return value_compare(a, b);
	return value_compare(b, a);
}

static int row_order(const struct view_row *a, const struct view_row *b, bool reverse)
{
	int order = value_order(&a->key, &b->key, reverse);

	return order ? order : value_order(&a->tie, &b->tie, reverse);
}

/*
 * Bottom-up merge sort: stable, and unlike qsort() it never allocates. @rows has room for as many again.
 * Returns where the sorted rows are, in its first half or its second.
 */
static struct view_row *rows_sort(struct view_row *rows, size_t n, bool reverse)
{
	struct view_row *tmp = n ? rows + n : rows;

	for (size_t run = 1; run < n; run *= 2) {
		struct view_row *swap = rows;

		for (size_t at = 0; at < n; at += 2 * run) {
			size_t left_end = at + run < n ? at + run : n;
			size_t right_end = at + 2 * run < n ? at + 2 * run : n;
			size_t left = at, right = left_end;

			for (size_t i = at; i < right_end; i++)
				if (left < left_end && (right == right_end ||
				    row_order(&rows[left], &rows[right], reverse) <= 0))
					tmp[i] = rows[left++];
				else
					tmp[i] = rows[right++];
		}
		rows = tmp;
		tmp = swap;
	}
	return rows;
}

int view_select(struct view *v, const struct view_options *o, const struct snapshot *s)
{
	struct view_row *sorted;
	size_t n = 0;

	v->n_clients = v->n_devices = 0;
	buf_reset(&v->scratch);
	if (ARRAY_RESERVE(&v->devices, &v->devices_size, s->n_devices) ||
	    ARRAY_RESERVE(&v->clients, &v->clients_size, s->n_clients) ||
	    ARRAY_RESERVE(&v->rows, &v->rows_size, 2 * s->n_clients))
		return -ENOMEM;
	for (size_t i = 0; i < s->n_clients; i++)
		if (client_matches(&s->clients[i], o))
			v->rows[n++] = row_make(&s->clients[i], &o->sort, &v->scratch);
	if (v->scratch.err)
		return v->scratch.err;
	for (size_t i = 0; i < n; i++)
		if (v->rows[i].made_at != SIZE_MAX)
			v->rows[i].key.text.ptr = v->scratch.ptr + v->rows[i].made_at;
	sorted = rows_sort(v->rows, n, o->reverse);
	for (size_t i = 0; i < n; i++)
		v->clients[i] = sorted[i].client;
	v->n_clients = n;
	for (size_t i = 0; i < s->n_devices; i++)
		if (!o->gpu || device_matches(&s->devices[i].device, o->gpu))
			v->devices[v->n_devices++] = &s->devices[i];
	return 0;
}

/* True if device @d of the view is the first with a part of that name. */
static bool is_first_named(const struct view *v, const struct field *f, size_t d, const char *name)
{
	for (size_t before = 0; before < d; before++)
		for (size_t i = 0; i < field_n_parts(f, v->devices[before]); i++)
			if (!strcmp(name, field_part_name(f, v->devices[before], i)))
				return false;
	return true;
}

size_t view_columns(const struct view *v, const struct column *columns, size_t n, struct column *ret,
		    size_t size)
{
	size_t count = 0;

	for (size_t c = 0; c < n; c++) {
		const struct field *f = columns[c].field;

		if (f->scope == FIELD_OF_CLIENT || columns[c].of[0]) {
			if (count < size)
				ret[count] = columns[c];
			count++;
			continue;
		}
		for (size_t d = 0; d < v->n_devices; d++)
			for (size_t i = 0; i < field_n_parts(f, v->devices[d]); i++) {
				const char *name = field_part_name(f, v->devices[d], i);
				size_t len = strlen(name);

				if (len >= sizeof(ret->of) || !is_first_named(v, f, d, name))
					continue;
				if (count < size) {
					ret[count] = (struct column){ .field = f };
					memcpy(ret[count].of, name, len);
				}
				count++;
			}
	}
	return count;
}
