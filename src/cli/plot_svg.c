/* SPDX-License-Identifier: MIT */
#include "plot_svg.h"

#include <math.h>
#include <stdio.h>

#include "format.h"
#include "svg.h"

/* Pixels. */
#define WIDTH 1110
#define LEFT 94
#define PLOT_WIDTH 600
#define PLOT_HEIGHT 120
#define PANEL_HEIGHT 190	/* a plot with its title and times */
#define LEGEND_X (LEFT + PLOT_WIDTH + 16)
#define LEGEND_STEP 16
#define TOP 40

#define MAX_TICKS 8

#define USE SIZE_MAX		/* instead of a track: the sum over all engines */

struct line {
	const struct history_subject *of;
	size_t track;
	const char *name;
};

struct panel {
	const struct history *h;
	enum units units;
	int y;			/* of the plot's upper edge */
	bool is_memory;
	double max;
	struct line lines[PLOT_SVG_MAX_LINES];
	size_t n;
};

static double value_at(const struct history *h, const struct line *l, size_t age)
{
	double sum = NAN;

	if (l->track != USE)
		return history_at(h, &l->of->tracks[l->track], age);
	for (size_t i = 0; i < l->of->n_engines; i++) {
		double value = history_at(h, &l->of->tracks[i], age);

		if (!isnan(value))
			sum = isnan(sum) ? value : sum + value;
	}
	return sum;
}

static uint64_t first_ns(const struct history *h)
{
	return history_t_ns(h, history_length(h) - 1);
}

static double x_of(const struct history *h, uint64_t t_ns)
{
	uint64_t from = first_ns(h), span = history_t_ns(h, 0) - from;

	return LEFT + (span ? (double)(t_ns - from) / (double)span * PLOT_WIDTH : PLOT_WIDTH);
}

static double y_of(const struct panel *p, double value)
{
	return p->y + PLOT_HEIGHT - value / p->max * PLOT_HEIGHT;
}

/* The time between two marks: what a person counts in, so that there are few of them. */
static uint64_t tick_ns(const struct history *h)
{
	static const uint64_t seconds[] = { 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 43200 };
	uint64_t span = history_t_ns(h, 0) - first_ns(h), day = 86400 * NSEC_PER_SEC;

	for (size_t i = 0; i < N_OF(seconds); i++)
		if (span / (seconds[i] * NSEC_PER_SEC) < MAX_TICKS)
			return seconds[i] * NSEC_PER_SEC;
	return (span / MAX_TICKS / day + 1) * day;
}

static void draw_grid(const struct panel *p, struct buf *out)
{
	uint64_t from = first_ns(p->h), step = tick_ns(p->h);
	char room[FORMAT_SIZE];

	for (uint64_t t = from; t <= history_t_ns(p->h, 0); t += step) {
		double x = x_of(p->h, t);

		buf_printf(out, "<path class=\"grid\" d=\"M%.1f %dv%d\"/><text x=\"%.1f\" y=\"%d\" "
			   "text-anchor=\"middle\">%s</text>\n", x, p->y, PLOT_HEIGHT, x, p->y + PLOT_HEIGHT + 16,
			   format_age(t - from, room).ptr);
	}
	for (int i = 0; i <= 2; i++) {
		double value = p->max * i / 2;
		struct str text = p->is_memory ? format_bytes((uint64_t)value, p->units, room) :
				  format_percent(value, room);

		buf_printf(out, "<path class=\"grid\" d=\"M%d %.1fh%d\"/><text x=\"%d\" y=\"%.1f\" "
			   "text-anchor=\"end\">%s</text>\n", LEFT, y_of(p, value), PLOT_WIDTH, LEFT - 6,
			   y_of(p, value) + 4, text.ptr);
	}
}

/* Unknown is a gap; a sample between two gaps is a dot. */
static void draw_line(const struct panel *p, size_t i, struct buf *out)
{
	bool is_begun = false;

	buf_printf(out, "<path fill=\"none\" stroke=\"%s\"%s stroke-width=\"1.5\" stroke-linecap=\"round\" d=\"",
		   svg_colour(i), svg_dash(i));
	for (size_t age = history_length(p->h); age-- > 0;) {
		double value = value_at(p->h, &p->lines[i], age);

		if (!isnan(value))
			buf_printf(out, is_begun ? "L%.1f %.1f" : "M%.1f %.1fh0", x_of(p->h, history_t_ns(p->h, age)),
				   y_of(p, value));
		is_begun = !isnan(value);
	}
	buf_printf(out, "\"/>\n");
}

static void draw_legend(const struct panel *p, size_t i, struct buf *out)
{
	const struct line *l = &p->lines[i];
	int y = p->y + 10 + (int)i * LEGEND_STEP;

	/* Where there are more than fit, the first ones are named. */
	if (y > p->y + PLOT_HEIGHT + LEGEND_STEP)
		return;
	buf_printf(out, "<path stroke=\"%s\"%s stroke-width=\"2\" d=\"M%d %dh20\"/><text x=\"%d\" y=\"%d\">",
		   svg_colour(i), svg_dash(i), LEGEND_X, y - 4, LEGEND_X + 26, y);
	svg_add_text(out, str_of(l->name));
	buf_printf(out, "</text>\n");
}

/* Draws it, if it has lines, and goes on below. */
static void draw_panel(struct panel *p, const char *title, const char *what, struct buf *out)
{
	if (p->n == 0)
		return;
	p->max = p->is_memory ? 1024 : 1;
	for (size_t i = 0; i < p->n; i++)
		for (size_t age = 0; age < history_length(p->h); age++)
			p->max = fmax(p->max, value_at(p->h, &p->lines[i], age));
	buf_printf(out, "<text x=\"%d\" y=\"%d\" font-size=\"13\">", LEFT, p->y - 8);
	svg_add_text(out, str_of(title));
	buf_printf(out, ": %s</text>\n", what);
	draw_grid(p, out);
	for (size_t i = 0; i < p->n; i++) {
		draw_line(p, i, out);
		draw_legend(p, i, out);
	}
	p->y += PANEL_HEIGHT;
	p->n = 0;
}

static void add_line(struct panel *p, const struct history_subject *of, size_t track, const char *name)
{
	if (p->n < PLOT_SVG_MAX_LINES)
		p->lines[p->n++] = (struct line){ of, track, name };
}

static void draw_device(struct panel *p, const struct history_subject *d, struct buf *out)
{
	p->is_memory = false;
	for (size_t i = 0; i < d->n_engines; i++)
		add_line(p, d, i, d->tracks[i].name);
	draw_panel(p, d->name, "engines", out);
	p->is_memory = true;
	for (size_t i = d->n_engines; i < d->n_tracks; i++)
		add_line(p, d, i, d->tracks[i].name);
	draw_panel(p, d->name, "memory in use", out);
}

/* The @max clients with the most time on engines, most first. Returns how many there are. */
static size_t find_top(const struct history *h, const struct history_subject **ret, size_t max)
{
	const struct history_subject *c;
	size_t n = 0;

	for (size_t i = 0; (c = history_client_at(h, i)); i++) {
		size_t at = n < max ? n++ : max;

		for (; at > 0 && ret[at - 1]->busy_ns < c->busy_ns; at--)
			if (at < max)
				ret[at] = ret[at - 1];
		if (at < max)
			ret[at] = c;
	}
	return n;
}

static void draw_clients(struct panel *p, size_t max, struct buf *out)
{
	const struct history_subject *top[PLOT_SVG_MAX_LINES];
	size_t n = find_top(p->h, top, max < PLOT_SVG_MAX_LINES ? max : PLOT_SVG_MAX_LINES);

	p->is_memory = false;
	for (size_t i = 0; i < n; i++)
		add_line(p, top[i], USE, top[i]->name);
	draw_panel(p, "Clients", "use of engines, those that used most", out);
	p->is_memory = true;
	for (size_t i = 0; i < n; i++)
		add_line(p, top[i], top[i]->n_engines, top[i]->name);
	draw_panel(p, "Clients", "memory of the same", out);
}

static int panels(const struct history *h, size_t clients)
{
	const struct history_subject *d;
	int n = clients && history_client_at(h, 0) ? 2 : 0;

	for (size_t i = 0; (d = history_device_at(h, i)); i++)
		n += (d->n_engines > 0) + (d->n_tracks > d->n_engines);
	return n;
}

void plot_svg(const struct history *h, const char *title, size_t clients, enum units units, struct buf *out)
{
	struct panel p = { .h = h, .units = units, .y = TOP + 24 };
	const struct history_subject *d;

	svg_begin(out, WIDTH, TOP + PANEL_HEIGHT * panels(h, clients));
	buf_printf(out, "<text x=\"%d\" y=\"24\" font-size=\"15\">", LEFT);
	svg_add_text(out, str_of(title));
	buf_printf(out, "</text>\n");
	for (size_t i = 0; (d = history_device_at(h, i)); i++)
		draw_device(&p, d, out);
	draw_clients(&p, clients, out);
	svg_end(out);
}
