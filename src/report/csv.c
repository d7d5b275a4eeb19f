/* SPDX-License-Identifier: MIT */
#include "report.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "../fdinfo/array.h"
#include "text.h"

#define MAX_COLUMNS 2048	/* more than any machine has, and a bound for made-up recordings */

void csv_done(struct csv *csv)
{
	free(csv->columns);
	free(csv->next);
	buf_done(&csv->scratch);
	*csv = (struct csv){ 0 };
}

static void add_text(struct buf *out, struct str s)
{
	const char *quote;

	if (!s.len)
		return;
	if (!memchr(s.ptr, ',', s.len) && !memchr(s.ptr, '"', s.len)) {
		text_add_printable(out, s);
		return;
	}
	buf_add(out, "\"", 1);
	while ((quote = memchr(s.ptr, '"', s.len))) {
		size_t before = (size_t)(quote - s.ptr);

		text_add_printable(out, (struct str){ s.ptr, before });
		buf_add(out, "\"\"", 2);
		s = (struct str){ quote + 1, s.len - before - 1 };
	}
	text_add_printable(out, s);
	buf_add(out, "\"", 1);
}

static void add_value(struct buf *out, const struct value *v)
{
	if (v->type == FIELD_TEXT)
		add_text(out, v->text);
	else if (v->type == FIELD_RATIO)
		text_add_ratio(out, v->ratio);
	else if (v->n != UNKNOWN)
		buf_printf(out, "%" PRIu64, v->n);
}

static void add_heading(const struct csv *csv, struct buf *out)
{
	buf_add_str(out, str_of("time"));
	for (size_t i = 0; i < csv->n_columns; i++) {
		const struct column *col = &csv->columns[i];
		char name[sizeof(col->of) + 64];
		int len = snprintf(name, sizeof(name), "%s%s%s", col->field->key,
				   col->of[0] ? ":" : "", col->of);

		buf_add(out, ",", 1);
		add_text(out, (struct str){ name, (size_t)len });
	}
	buf_add(out, "\n", 1);
}

static bool columns_equal(const struct column *a, const struct column *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!column_equal(&a[i], &b[i]))
			return false;
	return true;
}

/* Takes the columns of this frame; true in @ret if they are not those of the last heading. */
static int columns_update(struct csv *csv, const struct view *v, const struct column *columns,
			  size_t n, bool *ret)
{
	size_t n_next;

	if (ARRAY_RESERVE(&csv->next, &csv->next_size, MAX_COLUMNS))
		return -ENOMEM;
	n_next = view_columns(v, columns, n, csv->next, MAX_COLUMNS);
	*ret = !csv->columns || n_next != csv->n_columns ||
	       !columns_equal(csv->columns, csv->next, n_next);
	if (*ret) {
		SWAP(csv->columns, csv->next);
		SWAP(csv->columns_size, csv->next_size);
		csv->n_columns = n_next;
	}
	return 0;
}

int report_csv(struct csv *csv, const struct snapshot *s, const struct view *v,
	       const struct column *columns, size_t n_columns, struct buf *out)
{
	bool is_new;
	char t[32];

	if (columns_update(csv, v, columns, n_columns, &is_new))
		return -ENOMEM;
	if (is_new)
		add_heading(csv, out);
	report_time(s->frame.clock_ns, t);
	for (size_t row = 0; row < v->n_clients; row++) {
		buf_add_str(out, str_of(t));
		for (size_t i = 0; i < csv->n_columns; i++) {
			struct value value;

			buf_reset(&csv->scratch);
			value = column_get(&csv->columns[i], v->clients[row], &csv->scratch);
			buf_add(out, ",", 1);
			add_value(out, &value);
		}
		buf_add(out, "\n", 1);
	}
	return csv->scratch.err ? csv->scratch.err : out->err;
}
