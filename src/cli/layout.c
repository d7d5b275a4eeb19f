/* SPDX-License-Identifier: MIT */
#include "layout.h"

#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <time.h>

#include "detail.h"
#include "format.h"
#include "overlay.h"
#include "panel.h"
#include "plot_page.h"
#include "setup.h"

#define PANEL_MAX_WIDTH 132

/* Rows of the client table (heading included) that devices leave free if they can. */
#define LIST_COMFORT 7
#define LIST_LEAST 3
#define FOOTER_FROM_HEIGHT 8
#define COST_FROM_HEIGHT 16
#define PASSED_OVER_LEAST 30

void layout_done(struct layout *l)
{
	list_done(&l->list);
	buf_done(&l->restriction);
	buf_done(&l->why_empty);
}

/* "device card1, user alice, filter gfx>10%": what clients were asked for; "" for all. */
static void say_restriction(const struct view_options *o, struct buf *out)
{
	buf_reset(out);
	if (o->gpu)
		buf_printf(out, "device %s", o->gpu);
	for (size_t i = 0; i < o->n_users; i++)
		buf_printf(out, "%s%s%s", out->len && !i ? ", " : "", i ? " " : "user ", o->users[i]);
	for (size_t i = 0; i < o->n_pids; i++)
		buf_printf(out, "%s%s%d", out->len && !i ? ", " : "", i ? " " : "process ", (int)o->pids[i]);
	if (o->filter)
		buf_printf(out, "%sfilter %s", out->len ? ", " : "", o->filter->text);
}

/* Why the table is empty. */
static void say_why_empty(const struct layout *l, const struct model *m, const struct snapshot *s,
			  const struct view *v, struct buf *out)
{
	const char *key = l->footer ? "i" : "--all";
	size_t n = s->n_clients;

	if (m->waiting) {
		buf_printf(out, m->mode == MODE_LIVE ? "Measuring..." : "Waiting for a frame...");
	} else if (m->no_gpu) {
		buf_printf(out, "This machine has no GPU: no device, and no driver for one (drm, accel) in /proc/devices.");
	} else if (n > 0 && view_is_restricted(&m->view)) {
		buf_printf(out, "None of %zu clients matches ", n);
		buf_add_str(out, buf_str(&l->restriction));
		if (m->view.filter)
			filter_say_absent(m->view.filter, v->devices, v->n_devices, ": ", out);
		buf_printf(out, ".");
		if (!m->view.all)
			buf_printf(out, " Idle ones are hidden: %s shows them.", key);
	} else if (n > 0) {
		buf_printf(out, "No client used a GPU just now. %zu idle %s hidden: %s shows %s.", n,
			   n == 1 ? "one is" : "ones are", key, n == 1 ? "it" : "them");
	} else {
		buf_printf(out, "No process%s holds a GPU device.",
			   s->frame.scan.denied ? " that may be looked at" : "");
	}
}

/* Words of @text on rows @y.. below @end; returns the row behind them. Without @screen only that. */
static int draw_paragraph(struct screen *screen, int y, int w, int end, const char *text)
{
	const int x = 2;

	while (*text && w > x && y < end) {
		size_t len = strlen(text), room = (size_t)(w - x);

		if (len > room) {
			len = room;
			while (len > 0 && text[len] != ' ')
				len--;
			if (len == 0)
				len = room;
		}
		if (screen)
			screen_put(screen, x, y, (int)len, STYLE_NORMAL, (struct str){ text, len });
		y++;
		text += len;
		text += strspn(text, " ");
	}
	return y;
}

static int panels_height(const struct view *v, int w)
{
	int height = 0;

	for (size_t i = 0; i < v->n_devices; i++)
		height += panel_height(v->devices[i], w);
	return height;
}

void layout_plan(struct layout *l, const struct model *m, const struct snapshot *s, const struct view *v,
		 int w, int h)
{
	int n_devices = (int)v->n_devices, left;

	l->w = w;
	l->h = h;
	l->panel_w = w < PANEL_MAX_WIDTH ? w : PANEL_MAX_WIDTH;
	l->devices_y = 1;
	l->cost_y = h == 0 || h >= COST_FROM_HEIGHT ? l->devices_y++ : -1;
	l->denied_y = s->frame.scan.denied > 0 && (h == 0 || h >= FOOTER_FROM_HEIGHT) ? l->devices_y++ : -1;
	l->footer = h >= FOOTER_FROM_HEIGHT || (h > 1 && (m->prompt.is_open || *m->message));
	left = h - l->devices_y - l->footer;

	l->devices_h = panels_height(v, l->panel_w);
	l->compact = h > 0 && l->devices_h + LIST_COMFORT > left;
	if (l->compact) {
		l->devices_h = n_devices;
		if (l->devices_h + LIST_LEAST > left)
			l->devices_h = left > LIST_LEAST ? left - LIST_LEAST : 0;
	}
	l->list_y = l->devices_y + l->devices_h;
	say_restriction(&m->view, &l->restriction);
	buf_reset(&l->why_empty);
	if (v->n_rows == 0)
		say_why_empty(l, m, s, v, &l->why_empty);
	if (h == 0) {
		l->rows = v->n_rows ? v->n_rows :
			  (size_t)draw_paragraph(NULL, 0, l->panel_w, INT_MAX, buf_str(&l->why_empty).ptr);
		l->h = l->list_y + 1 + (int)l->rows;
	} else {
		left = h - l->footer - l->list_y - 1;
		l->rows = left > 0 ? (size_t)left : 0;
	}
	list_fit(&l->list, m, s, v, w);
}

struct model_context layout_context(const struct layout *l, const struct view *v)
{
	int page_rows = l->h - l->footer - l->devices_y;

	return (struct model_context){ .view = v, .columns = l->list.columns,
				       .n_columns = l->list.n_columns, .rows = l->rows,
				       .page_lines = l->page_lines, .n_series = l->n_series,
				       .page_rows = page_rows > 0 ? (size_t)page_rows : 0 };
}

/* "1.0 s", "2.3 s, asked 1.0 s" */
static void interval_text(const struct layout *l, const struct model *m, const struct snapshot *s, char *ret,
			  size_t size)
{
	char got[FORMAT_SIZE], asked[FORMAT_SIZE];
	uint64_t interval_ns = s->interval_ns;
	uint64_t step = interval_ns < NSEC_PER_SEC / 2 ? NSEC_PER_SEC / 100 : NSEC_PER_SEC / 20;

	ret[0] = '\0';
	if (interval_ns == UNKNOWN || l->w < 40)
		return;
	/* 985.7 ms are a second, and stay so from frame to frame */
	if (interval_ns >= NSEC_PER_SEC / 10)
		interval_ns = (interval_ns + step / 2) / step * step;
	if (l->w >= 60 && m->mode == MODE_LIVE && m->delay_ns &&
	    s->interval_ns > m->delay_ns + m->delay_ns / 10)
		snprintf(ret, size, " %s, asked %s", format_short_time(interval_ns, got).ptr,
			 format_short_time(m->delay_ns, asked).ptr);
	else
		snprintf(ret, size, " %s", format_short_time(interval_ns, got).ptr);
}

/* "LIVE 3:25 1.0 s": where frames come from, for how long they have been watched, the interval. */
static int draw_mode(const struct layout *l, const struct model *m, const struct snapshot *s,
		     struct screen *screen)
{
	static const char *const names[] = {
		[MODE_LIVE] = "LIVE", [MODE_REPLAY] = "REPLAY", [MODE_DEMO] = "DEMO",
	};
	enum style style = m->mode == MODE_LIVE && !m->paused ? STYLE_LIVE : STYLE_REPLAY;
	uint64_t start_ns = l->history ? history_start_ns(l->history) : UNKNOWN;
	char scratch[FORMAT_SIZE], mode[96], interval[2 * FORMAT_SIZE + 16], age[FORMAT_SIZE + 1] = "";
	int x;

	snprintf(mode, sizeof(mode), "%s%s%s", m->from_daemon ? "DAEMON" : names[m->mode],
		 m->mode == MODE_DEMO && l->w >= 100 ? ": a recording, not this machine" : "",
		 m->paused ? " PAUSED" : m->ended ? " END" : "");
	if (m->speed)
		snprintf(mode + strlen(mode), sizeof(mode) - strlen(mode), " x%g", ldexp(1, m->speed));
	if (!isnan(m->share) && l->w >= 40)
		snprintf(mode + strlen(mode), sizeof(mode) - strlen(mode), " %.0f%%", m->share * 100);
	interval_text(l, m, s, interval, sizeof(interval));
	if (start_ns != UNKNOWN && l->w >= 60)
		snprintf(age, sizeof(age), " %s", format_age(s->frame.t_ns - start_ns, scratch).ptr);
	x = l->panel_w - (int)(strlen(mode) + strlen(age) + strlen(interval));
	screen_put(screen, x, 0, l->w, style, str_of(mode));
	screen_put(screen, x + (int)strlen(mode), 0, l->w, STYLE_NORMAL, str_of(age));
	screen_put(screen, x + (int)(strlen(mode) + strlen(age)), 0, l->w, STYLE_DIM, str_of(interval));
	return x;
}

static void draw_summary(const struct layout *l, const struct model *m, const struct snapshot *s,
			 const struct view *v, struct screen *screen)
{
	int right = draw_mode(l, m, s, screen) - 1;
	time_t t = (time_t)(s->frame.clock_ns / NSEC_PER_SEC);
	size_t hidden = s->n_clients - v->n_clients;
	char clock[24] = "";
	struct tm tm;
	int x;

	if (m->waiting)
		return;
	if (localtime_r(&t, &tm))
		/* a recording may be of another day */
		(void)strftime(clock, sizeof(clock), m->mode == MODE_REPLAY && l->w >= 100 ? "%F %T" : "%T", &tm);
	x = screen_put(screen, 0, 0, right, STYLE_TITLE, str_of(s->frame.host)) + 2;
	if (x + (int)strlen(clock) <= right)
		x += screen_put(screen, x, 0, right - x, STYLE_NORMAL, str_of(clock)) + 2;
	if (x + 10 > right)
		return;
	x += screen_printf(screen, x, 0, right - x, STYLE_STRONG, "%zu", v->n_clients) + 1;
	x += screen_put(screen, x, 0, right - x, STYLE_NORMAL,
			str_of(v->n_clients == 1 ? "client" : "clients")) + 1;
	if (hidden > 0)
		x += screen_printf(screen, x, 0, right - x, STYLE_DIM, "+%zu %s", hidden,
				   view_is_restricted(&m->view) ? "not shown" : "idle") + 2;
	if (l->cost_y < 0)
		screen_put(screen, x, 0, right - x, STYLE_WARNING, buf_str(&l->restriction));
}

/* The row ends with the last part that fits; why no cheaper finder is in use may be cut, but not to a few words. */
static void draw_cost(const struct layout *l, const struct snapshot *s, struct screen *screen)
{
	const struct scan *scan = &s->frame.scan;
	char parts[5][64], scratch[FORMAT_SIZE];
	size_t i;
	int x;

	/* why somebody is missing is more to the point */
	x = screen_put(screen, 0, l->cost_y, l->panel_w, STYLE_WARNING, buf_str(&l->restriction));
	x += x ? 2 : 0;
	snprintf(parts[0], sizeof(parts[0]), "%s finder: ", scan->finder);
	snprintf(parts[1], sizeof(parts[1]), "%s CPU", format_short_time(scan->cpu_ns, scratch).ptr);
	snprintf(parts[2], sizeof(parts[2]), ", %" PRIu64 " process%s", scan->processes,
		 scan->processes == 1 ? "" : "es");
	snprintf(parts[3], sizeof(parts[3]), ", %" PRIu64 " descriptor%s", scan->fds,
		 scan->fds == 1 ? "" : "s");
	snprintf(parts[4], sizeof(parts[4]), ", %" PRIu64 " GPU file%s read", scan->reads,
		 scan->reads == 1 ? "" : "s");
	for (i = 0; i < N_OF(parts) && x + (int)strlen(parts[i]) <= l->panel_w; i++)
		x += screen_put(screen, x, l->cost_y, l->panel_w, STYLE_DIM, str_of(parts[i]));
	if (i == N_OF(parts) && *scan->passed_over && l->panel_w - x >= PASSED_OVER_LEAST)
		screen_printf(screen, x, l->cost_y, l->panel_w - x, STYLE_DIM, "; not %s", scan->passed_over);
}

static void draw_denied(const struct layout *l, const struct model *m, const struct snapshot *s,
			struct screen *screen)
{
	static const char advice[] = ": run as root, or gputopd";
	int x = screen_printf(screen, 0, l->denied_y, l->w, STYLE_WARNING, "%" PRIu64 " process%s not permitted",
			      s->frame.scan.denied, s->frame.scan.denied == 1 ? "" : "es");

	if (!m->privileged && x + (int)sizeof(advice) - 1 <= l->w)
		screen_put(screen, x, l->denied_y, l->w, STYLE_WARNING, str_of(advice));
}

static bool is_selected(const struct model *m, const struct view *v, size_t i)
{
	return strcmp(v->devices[i]->device.gpu, m->gpu) == 0;
}

/* A row a device; where there are more than rows, the selected one is among those shown. */
static void draw_devices_compact(const struct layout *l, const struct model *m, const struct view *v,
				 struct screen *screen)
{
	size_t rows = (size_t)l->devices_h, top = 0, shown;

	shown = rows < v->n_devices && rows > 1 ? rows - 1 : rows;
	for (size_t i = 0; i < v->n_devices; i++)
		if (is_selected(m, v, i) && i >= shown)
			top = i - shown + 1;
	for (size_t i = top; i < top + shown && i < v->n_devices; i++) {
		int y = l->devices_y + (int)(i - top);

		panel_draw_line(v->devices[i], is_selected(m, v, i), screen, y, l->w);
		screen_mark(screen, 0, y, l->w, SPOT_DEVICE, (unsigned int)i);
	}
	if (shown < rows)
		screen_printf(screen, 0, l->devices_y + (int)shown, l->w, STYLE_DIM,
			      "devices %zu to %zu of %zu; Tab: next", top + 1, top + shown, v->n_devices);
}

static void draw_devices(const struct layout *l, const struct model *m, const struct view *v, struct screen *screen)
{
	int y = l->devices_y;

	if (l->devices_h == 0)
		return;
	if (l->compact) {
		draw_devices_compact(l, m, v, screen);
		return;
	}
	for (size_t i = 0; i < v->n_devices; i++) {
		int end = y + panel_height(v->devices[i], l->panel_w);

		panel_draw(v->devices[i], l->history, is_selected(m, v, i), screen, y, l->panel_w);
		for (; y < end; y++)
			screen_mark(screen, 0, y, l->panel_w, SPOT_DEVICE, (unsigned int)i);
	}
}

static void draw_clients(struct layout *l, const struct model *m, const struct view *v, struct screen *screen)
{
	draw_devices(l, m, v, screen);
	list_draw(&l->list, m, v, screen, l->list_y, l->rows);
	draw_paragraph(screen, l->list_y + 1, l->panel_w, l->list_y + 1 + (int)l->rows, buf_str(&l->why_empty).ptr);
}

/* By the lines the page had: a screen that grew shows more of them at once. */
static size_t lines_above(const struct layout *l, const struct model *m)
{
	int rows = l->h - l->footer - l->devices_y;
	size_t most = l->page_lines > (size_t)(rows > 0 ? rows : 0) ? l->page_lines - (size_t)rows : 0;

	return m->scroll < most ? m->scroll : most;
}

static void draw_detail(struct layout *l, const struct model *m, const struct snapshot *s, struct screen *screen)
{
	l->page_lines = detail_draw(snapshot_find(s, &m->shown), l->history, lines_above(l, m), screen, l->devices_y,
				    l->h - l->footer, &l->list.scratch);
}

static void draw_plots(struct layout *l, const struct model *m, struct screen *screen)
{
	const struct history_subject *of = NULL;

	if (l->history)
		of = m->is_about_device ? history_device(l->history, m->gpu) :
					  history_client(l->history, &m->shown);
	l->n_series = of ? of->n_tracks : 0;
	plot_page_draw(l->history, of, m->series, screen, l->devices_y, l->h - l->footer);
}

/* A page other than that of the clients has the rows from @y up to @end to itself. */
static void draw_page(struct layout *l, const struct model *m, const struct snapshot *s,
		      const struct view *v, struct screen *screen)
{
	int y = l->devices_y, end = l->h - l->footer;

	switch (m->page) {
	case PAGE_DETAIL:
		draw_detail(l, m, s, screen);
		break;
	case PAGE_PLOT:
		draw_plots(l, m, screen);
		break;
	case PAGE_SETUP:
		setup_draw(m, screen, y, end);
		break;
	case PAGE_HELP:
		l->page_lines = help_draw(screen, lines_above(l, m), y, end);
		break;
	default:
		draw_clients(l, m, v, screen);
	}
}

void layout_draw(struct layout *l, const struct model *m, const struct snapshot *s, const struct view *v,
		 struct screen *screen)
{
	screen->utf8 = m->utf8;
	screen->units = m->units;
	draw_summary(l, m, s, v, screen);
	if (l->cost_y >= 0 && !m->waiting)
		draw_cost(l, s, screen);
	if (l->denied_y >= 0)
		draw_denied(l, m, s, screen);
	draw_page(l, m, s, v, screen);
	if (l->footer)
		footer_draw(m, screen, l->h - 1);
	if (m->menu.is_open)
		menu_draw(&m->menu, screen, l->devices_y, l->h - l->footer);
}
