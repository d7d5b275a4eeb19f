/* SPDX-License-Identifier: MIT */
#include "filter.h"
#include "text.h"

#define MOST_NAMES 16	/* in a sentence */

/* The name of the part @i of @d that @c may mean: of an engine, then of a region. NULL: there are no more. */
static const char *part_name(const struct column *c, const struct snapshot_device *d, size_t i)
{
	size_t n_engines = c->field && c->field->scope != FIELD_OF_ENGINE ? 0 : d->n_engines;
	size_t n_regions = c->field && c->field->scope != FIELD_OF_REGION ? 0 : d->n_regions;

	if (i < n_engines)
		return d->engines[i].name;
	return i - n_engines < n_regions ? d->regions[i - n_engines].name : NULL;
}

static bool is_part(const struct column *c, const char *name, const struct snapshot_device *const *devices, size_t n)
{
	const char *other;

	for (size_t d = 0; d < n; d++)
		for (size_t i = 0; (other = part_name(c, devices[d], i)); i++)
			if (strcmp(other, name) == 0)
				return true;
	return false;
}

static void say_parts(const struct column *c, const struct snapshot_device *const *devices, size_t n, struct buf *out)
{
	size_t n_said = 0;
	const char *name;

	for (size_t d = 0; d < n; d++)
		for (size_t i = 0; (name = part_name(c, devices[d], i)); i++) {
			if (is_part(c, name, devices, d))
				continue;
			buf_printf(out, n_said ? ", " : ": ");
			if (n_said++ == MOST_NAMES) {
				buf_printf(out, "...");
				return;
			}
			text_add_printable(out, str_of(name));
		}
	if (n_said == 0)
		buf_printf(out, " none");
}

void filter_say_absent(const struct filter *f, const struct snapshot_device *const *devices, size_t n,
		       const char *prefix, struct buf *out)
{
	const struct column *c = NULL;
	size_t n_clients = 0;

	for (size_t d = 0; d < n; d++)
		n_clients += devices[d]->n_clients;
	for (size_t i = 0; i < f->n && !c; i++)
		if (*f->nodes[i].column.of && !is_part(&f->nodes[i].column, f->nodes[i].column.of, devices, n))
			c = &f->nodes[i].column;
	if (!c || n_clients == 0)
		return;
	buf_printf(out, "%sno client has %s '", prefix, !c->field ? "an engine or region" :
		   c->field->scope == FIELD_OF_ENGINE ? "an engine" : "a region");
	text_add_printable(out, str_of(c->of));
	buf_printf(out, "'; there are");
	say_parts(c, devices, n, out);
}
