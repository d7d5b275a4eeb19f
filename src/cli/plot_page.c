/* SPDX-License-Identifier: MIT */
#include "plot_page.h"

#include <math.h>
#include <stdio.h>

#include "curve.h"
#include "format.h"

#define TIME_EVERY 20		/* cells */
#define BOTH_FROM_HEIGHT 8	/* rows for two plots with a legend each */

/* Tracks @first up to @last of one kind, on some rows. */
struct plot {
	const struct history *h;
	const struct history_subject *of;
	size_t first, last;
	bool is_memory;
	struct screen *s;
	int x, y, rows;		/* x: of the curves; the scale is before them */
};

/* Lines have one each, beside a colour: some people and terminals see no colours. */
static char mark_of(size_t track)
{
	static const char marks[] = "*+ox#@%=&$~^";

	return marks[track % (sizeof(marks) - 1)];
}

static enum style style_of(size_t track)
{
	return (enum style)(STYLE_SERIES + track % N_SERIES_STYLES);
}

static struct str value_text(const struct plot *p, double value, char room[static FORMAT_SIZE])
{
	if (!p->is_memory)
		return format_percent(value, room);
	return format_bytes(isnan(value) ? UNKNOWN : (uint64_t)value, p->s->units, room);
}

/* "* gfx 75.0%  + dec 12.5%" */
static void draw_legend(const struct plot *p, int y)
{
	int x = p->x;

	for (size_t i = p->first; i < p->last; i++) {
		const struct track *t = &p->of->tracks[i];
		char room[FORMAT_SIZE], mark[2] = { mark_of(i) };

		x += screen_put(p->s, x, y, p->s->w, style_of(i), str_of(mark)) + 1;
		x += screen_put(p->s, x, y, p->s->w - x, STYLE_NORMAL, str_of(t->name)) + 1;
		x += screen_put(p->s, x, y, p->s->w - x, STYLE_STRONG,
				value_text(p, history_at(p->h, t, 0), room)) + 2;
	}
}

static void draw_scale(const struct plot *p, double value, int y)
{
	char room[FORMAT_SIZE];
	struct str text = value_text(p, value, room);

	screen_put(p->s, p->x - 1 - screen_width(p->s, text), y, p->s->w, STYLE_DIM, text);
}

/* A legend, then the curves. */
static void draw_plot(const struct plot *p)
{
	int w = p->s->w - p->x, top = p->y + 1, rows = p->rows - 1;
	double max = p->is_memory ? 0 : 1;

	if (rows < 1 || w < 1)
		return;
	for (size_t i = p->first; i < p->last; i++)
		max = fmax(max, curve_max(p->h, &p->of->tracks[i], curve_samples(p->s, w)));
	draw_legend(p, p->y);
	draw_scale(p, max, top);
	if (rows > 1)
		draw_scale(p, 0, top + rows - 1);
	for (int y = top; y < top + rows; y++)
		screen_put(p->s, p->x - 1, y, 1, STYLE_DIM, str_of(p->s->utf8 ? "│" : "|"));
	for (size_t i = p->first; i < p->last; i++)
		curve_line(p->s, p->x, top, w, rows, p->h, &p->of->tracks[i], max, style_of(i), mark_of(i));
	/* Over all lines, and beside each other; one alone needs none. */
	for (size_t i = p->first; i < p->last && p->last - p->first > 1; i++)
		curve_marks(p->s, p->x, top, w, rows, p->h, &p->of->tracks[i], max, style_of(i), mark_of(i),
			    (int)((i - p->first) * CURVE_MARK_EVERY / (p->last - p->first)));
}

/* Below the plots: how long ago it was. */
static void draw_times(const struct history *h, struct screen *s, int x, int y)
{
	size_t per_cell = curve_samples(s, 1);

	screen_put(s, s->w - 3, y, 3, STYLE_DIM, str_of("now"));
	for (int back = TIME_EVERY; s->w - back >= x; back += TIME_EVERY) {
		size_t age = (size_t)back * per_cell;
		char room[FORMAT_SIZE];

		if (age >= history_length(h))
			return;
		screen_printf(s, s->w - back, y, s->w, STYLE_DIM, "%s -%s", s->utf8 ? "╵" : "'",
			      format_age(history_t_ns(h, 0) - history_t_ns(h, age), room).ptr);
	}
}

static void draw_title(const struct history_subject *of, struct screen *s, int y)
{
	static const char keys[] = "Left Right: one series, all  Tab: device";
	int w = (int)sizeof(keys) - 1, room = s->w - w - 2;

	if (room < w / 2)
		room = s->w;
	else
		screen_put(s, s->w - w, y, w, STYLE_DIM, str_of(keys));
	screen_put(s, 0, y, room, STYLE_TITLE, str_of(of->name));
}

void plot_page_draw(const struct history *h, const struct history_subject *of, size_t series, struct screen *s, int y,
		    int end)
{
	struct plot p = { .h = h, .of = of, .s = s, .x = format_bytes_width(s->units) + 2, .y = y + 1 };
	int left = end - 1 - p.y;

	if (!h || !of || of->n_tracks == 0) {
		screen_put(s, 0, y, s->w, STYLE_WARNING, str_of("There is nothing to plot."));
		return;
	}
	draw_title(of, s, y);
	p.last = of->n_engines;
	if (series > 0) {
		p.first = (series - 1) % of->n_tracks;
		p.last = p.first + 1;
		p.is_memory = p.first >= of->n_engines;
	} else if (of->n_engines == 0) {
		p.last = of->n_tracks;
		p.is_memory = true;
	}
	p.rows = left;
	if (series == 0 && of->n_engines > 0 && of->n_tracks > of->n_engines && left >= BOTH_FROM_HEIGHT) {
		p.rows = left * 3 / 5;
		draw_plot(&p);
		p.y += p.rows;
		p.rows = left - p.rows;
		p.first = of->n_engines;
		p.last = of->n_tracks;
		p.is_memory = true;
	}
	draw_plot(&p);
	draw_times(h, s, p.x, end - 1);
}
