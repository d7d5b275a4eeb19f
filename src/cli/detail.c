/* SPDX-License-Identifier: MIT */
#include "detail.h"

#include <inttypes.h>
#include <stdio.h>

#include "curve.h"
#include "format.h"

#define INDENT 2
#define LABEL_WIDTH 10
#define FACT_WIDTH 26		/* label and value, where several share a line */
#define NAME_WIDTH 12		/* of an engine or region */
#define NUMBER_WIDTH 9		/* at least */

/* Where the next line goes: some are above the page, some below. */
struct pen {
	struct screen *s;
	int y, end;
	size_t skip;
	size_t n;	/* lines so far */
};

/* The row of the next line, -1 if it is not on the page. */
static int next_line(struct pen *p)
{
	int row = p->y + (int)p->n - (int)p->skip;

	return p->n++ >= p->skip && row < p->end ? row : -1;
}

static void heading(struct pen *p, const char *text)
{
	int y;

	next_line(p);
	y = next_line(p);
	if (y >= 0) {
		screen_style(p->s, 0, y, p->s->w, STYLE_HEADING);
		screen_put(p->s, 0, y, p->s->w, STYLE_HEADING, str_of(text));
	}
}

static void title(struct pen *p, const struct snapshot_client *c)
{
	const struct device *d = &c->device->device;
	int y = next_line(p), x;

	if (y >= 0) {
		x = screen_printf(p->s, 0, y, p->s->w, STYLE_TITLE, "%d", c->process->pid) + 1;
		screen_put(p->s, x, y, p->s->w, STYLE_STRONG,
			   str_of(*c->process->cmdline ? c->process->cmdline : c->process->comm));
	}
	y = next_line(p);
	if (y >= 0) {
		x = screen_printf(p->s, INDENT, y, p->s->w, STYLE_NORMAL, "on %s", d->gpu) + INDENT + 1;
		if (strcmp(d->name, d->driver) != 0)
			x += screen_put(p->s, x, y, p->s->w, STYLE_NORMAL, str_of(d->name)) + 1;
		screen_put(p->s, x, y, p->s->w, STYLE_DIM, str_of(d->driver));
	}
}

/* Shown in parts of their own, or in the title. */
static bool is_elsewhere(const struct field *f)
{
	static const char *const keys[] = { "cmdline", "gpu", "driver", "holders", "sharers" };

	for (size_t i = 0; i < N_OF(keys); i++)
		if (strcmp(f->key, keys[i]) == 0)
			return true;
	return false;
}

/* Everything the field table knows of a client, several in a line; what is too long for that has its own. */
static void facts(struct pen *p, const struct snapshot_client *c, struct buf *scratch)
{
	int per_line = (p->s->w - INDENT) / FACT_WIDTH, column = 0, y = -1;

	if (per_line < 1)
		per_line = 1;
	for (size_t i = 0; i < n_fields; i++) {
		const struct field *f = &fields[i];
		char room[FORMAT_SIZE];
		struct value v;
		struct str text;
		bool is_long;
		int x;

		if (f->scope != FIELD_OF_CLIENT || is_elsewhere(f))
			continue;
		buf_reset(scratch);
		v = f->get(c, 0, scratch);
		if (value_is_unknown(&v))
			continue;
		text = format_value(&v, p->s->units, room);
		is_long = screen_width(p->s, text) >= FACT_WIDTH - LABEL_WIDTH - 1;
		if (column == 0 || column == per_line || is_long) {
			y = next_line(p);
			column = 0;
		}
		x = INDENT + column * FACT_WIDTH;
		if (y >= 0) {
			screen_put(p->s, x, y, LABEL_WIDTH - 1, STYLE_DIM, str_of(f->key));
			screen_put(p->s, x + LABEL_WIDTH, y, p->s->w, STYLE_NORMAL, text);
		}
		column = is_long ? per_line : column + 1;
	}
}

static void number(struct screen *s, int *x, int y, enum style style, struct str text)
{
	int least = format_bytes_width(s->units) + 1, column_w = least > NUMBER_WIDTH ? least : NUMBER_WIDTH;
	int w = screen_width(s, text);

	screen_put(s, *x + (w < column_w ? column_w - w : 0), y, s->w, style, text);
	*x += column_w;
}

static void column_heads(struct pen *p, const char *what, const char *const *names, size_t n)
{
	int y, x = INDENT + NAME_WIDTH;

	next_line(p);
	y = next_line(p);
	if (y < 0)
		return;
	screen_style(p->s, 0, y, p->s->w, STYLE_HEADING);
	screen_put(p->s, 0, y, p->s->w, STYLE_HEADING, str_of(what));
	for (size_t i = 0; i < n; i++)
		number(p->s, &x, y, STYLE_HEADING, str_of(names[i]));
}

/* The past of a track on what is left of row @y from @x on. */
static void past(struct pen *p, const struct history *h, const struct history_subject *of, size_t track, double max,
		 int x, int y)
{
	int w = p->s->w - x - 2;

	if (of && track < of->n_tracks && w > 3)
		curve_area(p->s, x + 2, y, w, 1, h, &of->tracks[track], max,
			   (enum style)(STYLE_SERIES + track % N_SERIES_STYLES));
}

static void engines(struct pen *p, const struct snapshot_client *c, const struct history *h,
		    const struct history_subject *of)
{
	static const char *const names[] = { "BUSY", "TIME", "UNITS" };
	char room[FORMAT_SIZE];

	if (c->device->n_engines == 0)
		return;
	column_heads(p, "ENGINES", names, N_OF(names));
	for (size_t i = 0; i < c->device->n_engines; i++) {
		const struct snapshot_engine *e = &c->device->engines[i];
		int y = next_line(p), x = INDENT + NAME_WIDTH;

		if (y < 0)
			continue;
		screen_put(p->s, INDENT, y, NAME_WIDTH, STYLE_NORMAL, str_of(e->name));
		number(p->s, &x, y, STYLE_STRONG, format_percent(c->engines[i].busy / (double)e->capacity, room));
		number(p->s, &x, y, STYLE_NORMAL, format_duration(c->engines[i].busy_ns, room));
		snprintf(room, sizeof(room), "x%" PRIu64, e->capacity);
		number(p->s, &x, y, STYLE_DIM, str_of(room));
		past(p, h, of, i, 1, x, y);
	}
}

static void regions(struct pen *p, const struct snapshot_client *c, const struct history *h,
		    const struct history_subject *of)
{
	static const char *const names[] = { "RESIDENT", "TOTAL", "SHARED", "PURGE", "ACTIVE" };
	size_t track = of && of->n_tracks ? of->n_tracks - 1 : 0;
	char room[FORMAT_SIZE];
	int y, x = INDENT + NAME_WIDTH;

	if (c->device->n_regions == 0)
		return;
	column_heads(p, "MEMORY", names, N_OF(names));
	for (size_t i = 0; i < c->device->n_regions; i++) {
		const struct region_usage *u = &c->regions[i];
		const uint64_t numbers[] = { u->resident, u->total, u->shared, u->purgeable, u->active };

		y = next_line(p);
		x = INDENT + NAME_WIDTH;
		if (y < 0)
			continue;
		screen_put(p->s, INDENT, y, NAME_WIDTH, STYLE_NORMAL, str_of(c->device->regions[i].name));
		for (size_t k = 0; k < N_OF(numbers); k++)
			number(p->s, &x, y, k ? STYLE_NORMAL : STYLE_STRONG,
			       format_bytes(numbers[k], p->s->units, room));
	}
	y = next_line(p);
	x = INDENT + NAME_WIDTH;
	if (y < 0)
		return;
	screen_put(p->s, INDENT, y, NAME_WIDTH, STYLE_DIM, str_of("all of them"));
	number(p->s, &x, y, STYLE_STRONG, format_bytes(snapshot_client_memory(c), p->s->units, room));
	if (of && of->n_tracks)
		past(p, h, of, track, curve_max(h, &of->tracks[track], HISTORY_SAMPLES), x, y);
}

static const struct snapshot_process *process_of(const struct snapshot_client *c, pid_t pid)
{
	for (size_t i = 0; i < c->n_sharers; i++)
		if (c->sharers[i]->pid == pid)
			return c->sharers[i];
	return c->process;
}

/* How the @i-th holder may have come by it. */
static const char *how_shared(const struct snapshot_client *c, size_t i)
{
	const struct snapshot_process *p = process_of(c, c->holders[i].pid);

	if (i > 0 && c->holders[i - 1].pid == c->holders[i].pid)
		return "the same again (dup)";
	if (p == c->process)
		return "the oldest process";
	for (size_t k = 0; k < p->n_ancestors; k++)
		if (p->ancestors[k] == c->process->pid)
			return "forked from that";
	return "another process";
}

static void holders(struct pen *p, const struct snapshot_client *c)
{
	heading(p, "HELD BY");
	for (size_t i = 0; i < c->n_holders; i++) {
		const struct snapshot_process *of;
		int y = next_line(p), x;

		if (y < 0)
			continue;
		of = process_of(c, c->holders[i].pid);
		screen_printf(p->s, INDENT, y, p->s->w, STYLE_STRONG, "%7d", c->holders[i].pid);
		screen_printf(p->s, INDENT + 8, y, p->s->w, STYLE_NORMAL, "fd %d", c->holders[i].fd);
		screen_put(p->s, INDENT + 16, y, p->s->w, STYLE_DIM, str_of(how_shared(c, i)));
		x = INDENT + 38;
		x += screen_put(p->s, x, y, 9, STYLE_NORMAL, str_of(of->user)) + 1;
		screen_put(p->s, x, y, p->s->w, STYLE_NORMAL, str_of(*of->cmdline ? of->cmdline : of->comm));
	}
	if (c->n_holders == 0)
		next_line(p);
}

static void extras(struct pen *p, const struct snapshot_client *c)
{
	if (c->n_extras == 0)
		return;
	heading(p, "THE DRIVER SAYS");
	for (size_t i = 0; i < c->n_extras; i++) {
		struct str key, value;
		int y = next_line(p), x = INDENT;

		if (y < 0)
			continue;
		snapshot_extra(c->extras[i], &key, &value);
		x += screen_put(p->s, x, y, p->s->w, STYLE_DIM, key);
		x += screen_put(p->s, x, y, p->s->w, STYLE_DIM, str_of(":")) + 1;
		screen_put(p->s, x, y, p->s->w, STYLE_NORMAL, value);
	}
}

size_t detail_draw(const struct snapshot_client *c, const struct history *h, size_t skip, struct screen *s, int y,
		   int end, struct buf *scratch)
{
	struct pen p = { .s = s, .y = y, .end = end, .skip = skip };
	struct client_key key;
	const struct history_subject *of;

	if (!c) {
		y = next_line(&p);
		if (y >= 0)
			screen_put(s, 0, y, s->w, STYLE_WARNING, str_of("This client is not there any more."));
		return p.n;
	}
	key = snapshot_client_key(c);
	of = h ? history_client(h, &key) : NULL;
	title(&p, c);
	facts(&p, c, scratch);
	engines(&p, c, h, of);
	regions(&p, c, h, of);
	holders(&p, c);
	extras(&p, c);
	return p.n;
}
