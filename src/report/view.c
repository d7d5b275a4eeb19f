/* SPDX-License-Identifier: MIT */
#include "view_tree.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "../fdinfo/array.h"
#include "../fdinfo/hash.h"

/* What is sorted: the number of a client or row with its keys, so that each is asked once. */
struct view_item {
	size_t i;
	struct value key, tie;
	size_t made_at;		/* where key's text lies in the scratch; SIZE_MAX: it is the snapshot's */
};

void view_done(struct view *v)
{
	free(v->clients);
	free(v->devices);
	free(v->row_array);
	free(v->found);
	free(v->items);
	free(v->order);
	free(v->nodes);
	buf_done(&v->scratch);
	*v = (struct view){ 0 };
}

bool view_is_restricted(const struct view_options *o)
{
	return o->n_pids || o->n_users || o->gpu || o->filter;
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

static bool client_matches(const struct snapshot_client *c, const struct view_options *o, struct buf *scratch)
{
	if (o->gpu && !device_matches(&c->device->device, o->gpu))
		return false;
	if (o->filter && !filter_matches(o->filter, c, scratch))
		return false;
	if (process_matches(c->process, o))
		return true;
	for (size_t i = 0; i < c->n_sharers; i++)
		if (process_matches(c->sharers[i], o))
			return true;
	return false;
}

/* Unknown stays last whichever way the known ones go. */
static int value_order(const struct value *a, const struct value *b, bool reverse)
{
	bool descending = (a->type != FIELD_TEXT) != reverse;

	if (value_is_unknown(a) || value_is_unknown(b) || !descending)
		return value_compare(a, b);
	return value_compare(b, a);
}

static int item_order(const struct view_item *a, const struct view_item *b, bool reverse)
{
	int order = value_order(&a->key, &b->key, reverse);

	return order ? order : value_order(&a->tie, &b->tie, reverse);
}

/*
 * Bottom-up merge sort: stable, and unlike qsort() it never allocates. @items has room for as many again.
 * Returns where the sorted ones are, in its first half or its second.
 */
static struct view_item *items_sort(struct view_item *items, size_t n, bool reverse)
{
	struct view_item *tmp = n ? items + n : items;

	for (size_t run = 1; run < n; run *= 2) {
		struct view_item *swap = items;

		for (size_t at = 0; at < n; at += 2 * run) {
			size_t left_end = at + run < n ? at + run : n;
			size_t right_end = at + 2 * run < n ? at + 2 * run : n;
			size_t left = at, right = left_end;

			for (size_t i = at; i < right_end; i++)
				if (left < left_end && (right == right_end ||
				    item_order(&items[left], &items[right], reverse) <= 0))
					tmp[i] = items[left++];
				else
					tmp[i] = items[right++];
		}
		items = tmp;
		tmp = swap;
	}
	return items;
}

/* Makes item @i of row @r. Keys without a column are equal. */
static void item_make(struct view *v, size_t i, const struct view_row *r, const struct column *key,
		      const struct column *tie)
{
	struct view_item *item = &v->items[i];
	size_t from = v->scratch.len;

	*item = (struct view_item){ .i = i, .made_at = SIZE_MAX };
	item->key = column_get_group(key, r->clients, r->n, &v->scratch);
	if (v->scratch.len > from && item->key.text.ptr)
		item->made_at = from;
	item->tie = tie ? column_get_group(tie, r->clients, r->n, &v->scratch) :
			  (struct value){ .type = FIELD_COUNT };
}

/* The scratch does not move any more. */
static void items_place(struct view *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (v->items[i].made_at != SIZE_MAX)
			v->items[i].key.text.ptr = v->scratch.ptr + v->items[i].made_at;
}

static uint64_t hash_text(struct str text)
{
	uint64_t hash = text.len;

	for (size_t i = 0; i < text.len; i++)
		hash = (hash ^ (unsigned char)text.ptr[i]) * 0x100000001b3;
	return hash;
}

static uint64_t client_hash(const struct snapshot_client *c)
{
	uint64_t id = hash_mix(hash_text(str_of(c->device->device.gpu)), c->id);

	if (c->id != UNKNOWN || c->n_holders == 0)
		return id;
	return hash_mix(hash_mix(id, (uint64_t)c->holders[0].pid), (uint64_t)c->holders[0].fd);
}

static uint64_t value_hash(const struct value *v)
{
	if (v->type == FIELD_TEXT)
		return hash_text(v->text);
	return hash_mix(0, v->n);
}

bool view_can_group(const struct field *f)
{
	return f->scope == FIELD_OF_CLIENT && f->group == FIELD_COMMON &&
	       (f->type == FIELD_TEXT || f->type == FIELD_COUNT);
}

/* A row for each of the @n clients found. */
static size_t rows_of_clients(struct view *v, size_t n, struct view_row *ret)
{
	for (size_t i = 0; i < n; i++)
		ret[i] = (struct view_row){ .clients = &v->found[i], .n = 1, .id = client_hash(v->found[i]) };
	return n;
}

/* A row for each value of @group among the @n clients found, which are put in the order of the rows. */
static size_t rows_of_groups(struct view *v, size_t n, const struct field *group, struct view_row *ret)
{
	const struct column by = { .field = group };
	const struct view_item *sorted;
	size_t n_rows = 0;

	for (size_t i = 0; i < n; i++)
		item_make(v, i, &(struct view_row){ .clients = &v->found[i], .n = 1 }, &by, NULL);
	items_place(v, n);
	/* ascending, which of numbers is the reverse */
	sorted = items_sort(v->items, n, group->type != FIELD_TEXT);
	memcpy(v->clients, v->found, n * sizeof(*v->found));
	for (size_t i = 0; i < n; i++) {
		v->found[i] = v->clients[sorted[i].i];
		if (i == 0 || value_compare(&sorted[i - 1].key, &sorted[i].key))
			ret[n_rows++] = (struct view_row){ .clients = &v->found[i],
							   .id = value_hash(&sorted[i].key) };
		ret[n_rows - 1].n++;
	}
	return n_rows;
}

bool view_row_is_idle(const struct view_row *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (!snapshot_client_is_idle(r->clients[i]))
			return false;
	return true;
}

static size_t drop_idle_rows(struct view_row *rows, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (!view_row_is_idle(&rows[i]))
			rows[kept++] = rows[i];
	return kept;
}

/* Puts @n rows and their clients in order; the view is complete then. */
static void order_rows(struct view *v, const struct view_options *o, struct view_row *rows, size_t n)
{
	const struct column use = { .field = field_find(str_of("use")) };
	const struct column memory = { .field = field_find(str_of("memory")) };
	const struct view_item *sorted;

	for (size_t i = 0; i < n; i++)
		item_make(v, i, &rows[i], o->sort.field ? &o->sort : &use, o->sort.field ? NULL : &memory);
	items_place(v, n);
	sorted = items_sort(v->items, n, o->reverse);
	for (size_t i = 0; i < n; i++)
		v->order[i] = sorted[i].i;
	if (o->tree)
		view_tree_order(rows, n, v->order, v->nodes);
	for (size_t i = 0; i < n; i++) {
		struct view_row *row = &v->row_array[i];

		*row = rows[v->order[i]];
		memcpy(&v->clients[v->n_clients], row->clients, row->n * sizeof(*row->clients));
		row->clients = &v->clients[v->n_clients];
		v->n_clients += row->n;
	}
	v->rows = v->row_array;
	v->n_rows = n;
}

/* gpu-2 before gpu-10, and 3d:00.0 before 81:00.0: of two numbers the longer one is larger. */
static int name_order(const char *a, const char *b)
{
	static const char digits[] = "0123456789abcdef";
	size_t na, nb;

	while (*a && *a == *b) {
		a++;
		b++;
	}
	na = strspn(a, digits);
	nb = strspn(b, digits);
	if (na > 0 && nb > 0 && na != nb)
		return na < nb ? -1 : 1;
	return strcmp(a, b);
}

/* By name: who is seen first depends on who was found first. */
static void add_device(struct view *v, const struct snapshot_device *d)
{
	size_t at = v->n_devices++;

	for (; at > 0 && name_order(v->devices[at - 1]->device.gpu, d->device.gpu) > 0; at--)
		v->devices[at] = v->devices[at - 1];
	v->devices[at] = d;
}

int view_select(struct view *v, const struct view_options *o, const struct snapshot *s)
{
	const struct field *group = o->tree ? field_find(str_of("pid")) : o->group;
	struct view_row *rows;
	size_t n = 0;

	v->n_clients = v->n_rows = v->n_devices = 0;
	v->snapshot = s;
	buf_reset(&v->scratch);
	if (ARRAY_RESERVE(&v->devices, &v->devices_size, s->n_devices) ||
	    ARRAY_RESERVE(&v->clients, &v->clients_size, s->n_clients) ||
	    ARRAY_RESERVE(&v->found, &v->found_size, s->n_clients) ||
	    ARRAY_RESERVE(&v->row_array, &v->rows_size, 2 * s->n_clients) ||
	    ARRAY_RESERVE(&v->order, &v->order_size, s->n_clients) ||
	    ARRAY_RESERVE(&v->nodes, &v->nodes_size, s->n_clients) ||
	    ARRAY_RESERVE(&v->items, &v->items_size, 2 * s->n_clients))
		return -ENOMEM;
	for (size_t i = 0; i < s->n_clients; i++)
		if (client_matches(&s->clients[i], o, &v->scratch))
			v->found[n++] = &s->clients[i];
	rows = v->row_array + s->n_clients;
	n = group ? rows_of_groups(v, n, group, rows) : rows_of_clients(v, n, rows);
	if (!o->all)
		n = drop_idle_rows(rows, n);
	order_rows(v, o, rows, n);
	if (v->scratch.err) {
		v->n_clients = v->n_rows = 0;
		return v->scratch.err;
	}
	for (size_t i = 0; i < s->n_devices; i++)
		if (!o->gpu || device_matches(&s->devices[i].device, o->gpu))
			add_device(v, &s->devices[i]);
	return 0;
}

static bool is_named(const struct column *columns, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(name, columns[i].of))
			return true;
	return false;
}

/* A column of @f for each part that the devices have; returns how many. */
static size_t part_columns(const struct view *v, const struct field *f, struct column *ret, size_t size)
{
	size_t n = 0;

	for (size_t d = 0; d < v->n_devices; d++)
		for (size_t i = 0; i < field_n_parts(f, v->devices[d]); i++) {
			const char *name = field_part_name(f, v->devices[d], i);
			size_t len = strlen(name);

			if (n == size)
				return n;
			if (len >= sizeof(ret->of) || is_named(ret, n, name))
				continue;
			ret[n] = (struct column){ .field = f };
			memcpy(ret[n++].of, name, len);
		}
	return n;
}

size_t view_columns(const struct view *v, const struct column *columns, size_t n, struct column *ret,
		    size_t size)
{
	size_t count = 0;

	for (size_t c = 0; c < n && count < size; c++)
		if (columns[c].field->scope == FIELD_OF_CLIENT || columns[c].of[0])
			ret[count++] = columns[c];
		else
			count += part_columns(v, columns[c].field, ret + count, size - count);
	return count;
}
