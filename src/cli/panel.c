/* SPDX-License-Identifier: MIT */
#include "panel.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "format.h"

#define INDENT 2
#define GAP 2
#define PERCENT_WIDTH 6
#define ENGINE_MIN_WIDTH 36	/* below that a second engine does not go beside the first */
#define LABEL_MAX_WIDTH 16

static double share(const struct snapshot_engine *e)
{
	return e->usage.busy / (double)e->capacity;
}

static enum style bar_style(double ratio)
{
	return ratio < 0.5 ? STYLE_BAR_LOW : ratio < 0.8 ? STYLE_BAR_MIDDLE : STYLE_BAR_HIGH;
}

/* "vcs", "vcs x2" */
static void label(const struct snapshot_engine *e, char ret[static 96])
{
	if (e->capacity > 1)
		snprintf(ret, 96, "%.64s x%" PRIu64, e->name, e->capacity);
	else
		snprintf(ret, 96, "%.64s", e->name);
}

static uint64_t region_bytes(const struct snapshot_region *r)
{
	return r->usage.resident != UNKNOWN ? r->usage.resident : r->usage.total;
}

static int engines_per_row(int w)
{
	return w < 2 * ENGINE_MIN_WIDTH + GAP ? 1 : (w + GAP) / (ENGINE_MIN_WIDTH + GAP);
}

int panel_height(const struct snapshot_device *d, int w)
{
	int per_row = engines_per_row(w);
	int rows = 1 + ((int)d->n_engines + per_row - 1) / per_row + (d->n_regions > 0);

	return rows == 1 && d->n_clients > 0 ? 2 : rows;
}

static void draw_title(const struct snapshot_device *d, struct screen *s, int y, int w)
{
	const struct device *dev = &d->device;
	char clients[48];
	int x, right;

	snprintf(clients, sizeof(clients), "%zu client%s", d->n_clients, d->n_clients == 1 ? "" : "s");
	right = w - (int)strlen(clients);
	x = screen_put(s, 0, y, w, STYLE_TITLE, str_of(dev->gpu)) + GAP;
	if (*dev->name && strcmp(dev->name, dev->driver) != 0)
		x += screen_put(s, x, y, right - GAP - x, STYLE_STRONG, str_of(dev->name)) + GAP;
	x += screen_put(s, x, y, right - GAP - x, STYLE_NORMAL, str_of(dev->driver)) + GAP;
	for (size_t i = 0; i < dev->n_nodes; i++)
		if (x + (int)strlen(dev->nodes[i].name) <= right - GAP)
			x += screen_put(s, x, y, w, STYLE_DIM, str_of(dev->nodes[i].name)) + 1;
	if (dev->power == DEVICE_ASLEEP)
		x += screen_put(s, x + 1, y, right - GAP - x, STYLE_DIM, str_of("asleep")) + 1;
	if (x <= right)
		screen_put(s, right, y, w, STYLE_DIM, str_of(clients));
}

static void draw_engine(const struct snapshot_engine *e, struct screen *s, int x, int y, int w,
			int label_w)
{
	char text[96], scratch[FORMAT_SIZE];
	struct str percent = format_percent(share(e), scratch);
	int bar_w = w - label_w - 1 - PERCENT_WIDTH - 1 - 2;

	label(e, text);
	screen_put(s, x, y, label_w, STYLE_NORMAL, str_of(text));
	if (bar_w > 0) {
		screen_put(s, x + label_w + 1, y, 1, STYLE_DIM, str_of("["));
		screen_bar(s, x + label_w + 2, y, bar_w, bar_style(share(e)), share(e));
		screen_put(s, x + label_w + 2 + bar_w, y, 1, STYLE_DIM, str_of("]"));
	}
	screen_put(s, x + w - (int)percent.len, y, (int)percent.len,
		   share(e) > 0 ? STYLE_STRONG : STYLE_DIM, percent);
}

static int draw_engines(const struct snapshot_device *d, struct screen *s, int y, int w)
{
	int per_row = engines_per_row(w), label_w = 0, rows = 0;
	int cell_w = (w - INDENT - (per_row - 1) * GAP) / per_row;
	char text[96];

	for (size_t i = 0; i < d->n_engines; i++) {
		int len;

		label(&d->engines[i], text);
		len = screen_width(s, str_of(text));
		label_w = len > label_w ? len : label_w;
	}
	if (label_w > LABEL_MAX_WIDTH)
		label_w = LABEL_MAX_WIDTH;
	if (label_w > cell_w - PERCENT_WIDTH - 1)
		label_w = cell_w - PERCENT_WIDTH - 1;
	for (size_t i = 0; i < d->n_engines; i++) {
		int column = (int)i % per_row;

		rows = (int)i / per_row + 1;
		draw_engine(&d->engines[i], s, INDENT + column * (cell_w + GAP), y + rows - 1, cell_w,
			    label_w);
	}
	return rows;
}

/* "  vram 1.2G  gtt 192K": regions that hold nothing are left out. Returns the cells it took. */
static int draw_regions(const struct snapshot_device *d, struct screen *s, int x, int y, int w)
{
	char scratch[FORMAT_SIZE];
	int start = x;

	for (size_t i = 0; i < d->n_regions; i++) {
		uint64_t bytes = region_bytes(&d->regions[i]);
		struct str text = format_bytes(bytes, scratch);
		int name_w = screen_width(s, str_of(d->regions[i].name));

		if (bytes == 0 || bytes == UNKNOWN || x + name_w + 1 + (int)text.len > w)
			continue;
		x += screen_put(s, x, y, w - x, STYLE_DIM, str_of(d->regions[i].name)) + 1;
		x += screen_put(s, x, y, w - x, STYLE_STRONG, text) + GAP;
	}
	return x - start;
}

void panel_draw(const struct snapshot_device *d, struct screen *s, int y, int w)
{
	int x = INDENT;

	draw_title(d, s, y++, w);
	y += draw_engines(d, s, y, w);
	if (d->n_regions > 0) {
		x += screen_put(s, x, y, w - x, STYLE_NORMAL, str_of("memory")) + GAP;
		if (draw_regions(d, s, x, y, w) == 0)
			screen_put(s, x, y, w - x, STYLE_DIM, str_of("none"));
	} else if (d->n_engines == 0 && d->n_clients > 0) {
		screen_put(s, x, y, w - x, STYLE_DIM,
			   str_of("this driver reports neither engines nor memory"));
	}
}

void panel_draw_line(const struct snapshot_device *d, struct screen *s, int y, int w)
{
	const char *gpu = d->device.gpu;
	char text[96], scratch[FORMAT_SIZE];
	int x;

	/* The PCI domain is 0 nearly everywhere. */
	if (w < 60 && strncmp(gpu, "0000:", 5) == 0)
		gpu += 5;
	x = screen_put(s, 0, y, w, STYLE_TITLE, str_of(gpu)) + 1;
	if (w >= 60)
		x += screen_put(s, x, y, w - x, STYLE_NORMAL, str_of(d->device.driver)) + 1;
	if (d->device.power == DEVICE_ASLEEP)
		x += screen_put(s, x, y, w - x, STYLE_DIM, str_of("asleep")) + 1;
	for (size_t i = 0; i < d->n_engines; i++) {
		struct str percent = format_percent(share(&d->engines[i]), scratch);

		label(&d->engines[i], text);
		if (x + 1 + screen_width(s, str_of(text)) + 1 + (int)percent.len > w)
			break;
		x += 1 + screen_put(s, x + 1, y, w, STYLE_DIM, str_of(text)) + 1;
		x += screen_put(s, x, y, w, share(&d->engines[i]) > 0 ? STYLE_STRONG : STYLE_DIM, percent);
	}
	draw_regions(d, s, x + GAP, y, w);
}
