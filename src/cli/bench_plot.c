/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "bench_report.h"
#include "svg.h"

/* Pixels. */
#define WIDTH 900
#define HEIGHT 420
#define PANEL_TOP 40
#define PANEL_HEIGHT 310
#define PANEL_WIDTH 310
#define LEGEND_X 800

struct axis {
	double min, max;	/* powers of 10 */
};

struct panel {
	const char *title;
	double left;
	bool by_fds;		/* else by processes */
	struct axis x;
};

static double size_of(const struct panel *p, const struct bench_size *s)
{
	uint64_t n = p->by_fds ? s->run.truth.scan.fds : s->run.truth.scan.processes;

	return n ? (double)n : 1;
}

static void widen(struct axis *a, double value)
{
	if (a->max <= a->min) {
		a->min = floor(log10(value));
		a->max = a->min + 1;
	}
	a->min = fmin(a->min, floor(log10(value)));
	a->max = fmax(a->max, ceil(log10(value)));
}

static double place(const struct axis *a, double value, double length)
{
	return (log10(value) - a->min) / (a->max - a->min) * length;
}

/* The median of a steady pass in ms, NAN if there is none. */
static double cost_ms(const struct bench_arm *a)
{
	return a->steady.n ? (double)percentile(a->steady.cpu_ns, a->steady.n, 50) / 1e6 : NAN;
}

static void draw_grid(const struct panel *p, const struct axis *y, struct buf *out)
{
	buf_printf(out, "<text x=\"%.0f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
		   p->left + PANEL_WIDTH / 2.0, PANEL_TOP + PANEL_HEIGHT + 40, p->title);
	for (int power = (int)p->x.min; power <= (int)p->x.max; power++) {
		double x = p->left + place(&p->x, pow(10, power), PANEL_WIDTH);

		buf_printf(out, "<path class=\"grid\" d=\"M%.1f %dv%d\"/><text x=\"%.1f\" y=\"%d\" "
			   "text-anchor=\"middle\">%.0f</text>\n", x, PANEL_TOP, PANEL_HEIGHT, x,
			   PANEL_TOP + PANEL_HEIGHT + 18, pow(10, power));
	}
	for (int power = (int)y->min; power <= (int)y->max; power++) {
		double at = PANEL_TOP + PANEL_HEIGHT - place(y, pow(10, power), PANEL_HEIGHT);

		buf_printf(out, "<path class=\"grid\" d=\"M%.1f %.1fh%d\"/><text x=\"%.1f\" y=\"%.1f\" "
			   "text-anchor=\"end\">%g</text>\n", p->left, at, PANEL_WIDTH, p->left - 6, at + 4,
			   pow(10, power));
	}
}

/* The arm with this index, through all sizes. Each run has the same arms. */
static void draw_arm(const struct bench_result *b, const struct panel *p, const struct axis *y, size_t arm,
		     struct buf *out)
{
	const char *colour = svg_colour(arm);
	char command = 'M';

	buf_printf(out, "<path fill=\"none\" stroke=\"%s\"%s stroke-width=\"2\" d=\"", colour,
		   svg_dash(arm));
	for (size_t i = 0; i < b->n_sizes; i++) {
		double ms = cost_ms(&b->sizes[i].run.arms[arm]);

		if (isnan(ms))
			continue;
		buf_printf(out, "%c%.1f %.1f", command, p->left + place(&p->x, size_of(p, &b->sizes[i]), PANEL_WIDTH),
			   PANEL_TOP + PANEL_HEIGHT - place(y, ms, PANEL_HEIGHT));
		command = 'L';
	}
	buf_printf(out, "\"/>\n");
	for (size_t i = 0; i < b->n_sizes; i++) {
		double ms = cost_ms(&b->sizes[i].run.arms[arm]);

		if (!isnan(ms))
			buf_printf(out, "<circle r=\"3\" fill=\"%s\" cx=\"%.1f\" cy=\"%.1f\"/>\n", colour,
				   p->left + place(&p->x, size_of(p, &b->sizes[i]), PANEL_WIDTH),
				   PANEL_TOP + PANEL_HEIGHT - place(y, ms, PANEL_HEIGHT));
	}
}

static void draw_legend(const struct bench_result *b, struct buf *out)
{
	const struct bench_run *r = &b->sizes[0].run;
	int y = PANEL_TOP + 10;

	for (size_t arm = 0; arm < r->n_arms; arm++) {
		if (!r->arms[arm].steady.n)
			continue;
		buf_printf(out, "<path stroke=\"%s\"%s stroke-width=\"2\" d=\"M%d %dh24\"/>"
			   "<text x=\"%d\" y=\"%d\">%s</text>\n", svg_colour(arm), svg_dash(arm), LEGEND_X, y - 4, LEGEND_X + 30, y,
			   r->arms[arm].arm.name);
		y += 20;
	}
}

void bench_plot(const struct bench_result *b, struct buf *out)
{
	struct panel panels[] = {
		{ .title = "processes", .left = 60 }, { .title = "descriptors", .left = 440, .by_fds = true },
	};
	struct axis y = { 0 };

	for (size_t i = 0; i < b->n_sizes; i++) {
		for (size_t p = 0; p < 2; p++)
			widen(&panels[p].x, size_of(&panels[p], &b->sizes[i]));
		for (size_t arm = 0; arm < b->sizes[i].run.n_arms; arm++)
			if (!isnan(cost_ms(&b->sizes[i].run.arms[arm])))
				widen(&y, cost_ms(&b->sizes[i].run.arms[arm]));
	}
	svg_begin(out, WIDTH, HEIGHT);
	buf_printf(out, "<text x=\"60\" y=\"22\" font-size=\"14\">CPU time of a steady pass, ms</text>\n");
	for (size_t p = 0; p < 2; p++) {
		draw_grid(&panels[p], &y, out);
		for (size_t arm = 0; arm < b->sizes[0].run.n_arms; arm++)
			draw_arm(b, &panels[p], &y, arm, out);
	}
	draw_legend(b, out);
	svg_end(out);
}
