/* SPDX-License-Identifier: MIT */
#include "panel.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "curve.h"
#include "format.h"

#define INDENT 2
#define GAP 2
#define PERCENT_WIDTH 6
#define ENGINE_MIN_WIDTH 36	/* below that a second engine does not go beside the first */
#define LABEL_MAX_WIDTH 16
#define DRIVER_WIDTH 8		/* in a row a device */
#define NAME_WIDTH 32
#define WIDE_LINE 120		/* has room for names */
#define CURVE_FROM_BAR 18	/* a bar shorter than that shares its place with no curve */

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

static int engines_per_row(int w)
{
	return w < 2 * ENGINE_MIN_WIDTH + GAP ? 1 : (w + GAP) / (ENGINE_MIN_WIDTH + GAP);
}

int panel_height(const struct snapshot_device *d, int w)
{
	int per_row = engines_per_row(w);
	int rows = 1 + ((int)d->n_engines + per_row - 1) / per_row + (d->n_regions > 0 || d->device.sensors.known);

	return rows == 1 && d->n_clients > 0 ? 2 : rows;
}

static void draw_title(const struct snapshot_device *d, bool is_selected, struct screen *s, int y, int w)
{
	static const char *const powers[] = {
		[DEVICE_POWER_UNKNOWN] = "", [DEVICE_AWAKE] = "awake", [DEVICE_ASLEEP] = "asleep",
	};
	const struct device *dev = &d->device;
	char clients[48];
	int x, right;

	snprintf(clients, sizeof(clients), "%zu client%s", d->n_clients, d->n_clients == 1 ? "" : "s");
	right = w - (int)strlen(clients);
	x = screen_put(s, 0, y, w, is_selected ? STYLE_SELECTED : STYLE_TITLE, str_of(dev->gpu)) + GAP;
	if (*dev->name && strcmp(dev->name, dev->driver) != 0 && strcmp(dev->name, dev->gpu) != 0)
		x += screen_put(s, x, y, right - GAP - x, STYLE_STRONG, str_of(dev->name)) + GAP;
	x += screen_put(s, x, y, right - GAP - x, STYLE_NORMAL, str_of(dev->driver)) + GAP;
	for (size_t i = 0; i < dev->n_nodes; i++)
		if (x + (int)strlen(dev->nodes[i].name) <= right - GAP)
			x += screen_put(s, x, y, w, STYLE_DIM, str_of(dev->nodes[i].name)) + 1;
	if (x + (int)strlen(powers[dev->power]) < right - GAP)
		x += screen_put(s, x + 1, y, w, STYLE_DIM, str_of(powers[dev->power])) + 1;
	if (x <= right)
		screen_put(s, right, y, w, STYLE_DIM, str_of(clients));
}

/* What @e did lately, at the right of @w cells. Returns the cells it took. */
static int draw_past(const struct history *h, const struct history_subject *past, size_t i, struct screen *s,
		     int x, int y, int w)
{
	int curve_w = w < CURVE_FROM_BAR ? 0 : w * 2 / 5;

	if (!past || i >= past->n_engines || curve_w == 0)
		return 0;
	curve_area(s, x + w - curve_w, y, curve_w, 1, h, &past->tracks[i], 1, STYLE_DIM);
	return curve_w + 1;
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

static int draw_engines(const struct snapshot_device *d, const struct history *h, struct screen *s, int y, int w)
{
	const struct history_subject *past = h ? history_device(h, d->device.gpu) : NULL;
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
		int x = INDENT + (int)i % per_row * (cell_w + GAP), row = y + (int)i / per_row;
		int bar_w = cell_w - draw_past(h, past, i, s, x + label_w + PERCENT_WIDTH, row,
					       cell_w - label_w - PERCENT_WIDTH);

		rows = (int)i / per_row + 1;
		draw_engine(&d->engines[i], s, x, row, bar_w, label_w);
	}
	return rows;
}

/*
 * "vram 1.2G of 24G  gtt 192K": regions that hold nothing, of nobody knows how much, are left out. Returns the
 * cells it took.
 */
static int draw_regions(const struct snapshot_device *d, struct screen *s, int x, int y, int w)
{
	char scratch[FORMAT_SIZE], text[64];
	int start = x;

	for (size_t i = 0; i < d->n_regions; i++) {
		const char *name = d->regions[i].name;
		uint64_t bytes = region_usage_memory(&d->regions[i].usage), size = sensors_size(&d->device.sensors, name);
		int name_w = screen_width(s, str_of(name));

		if (bytes == UNKNOWN || (bytes == 0 && size == UNKNOWN))
			continue;
		snprintf(text, sizeof(text), "%s", format_bytes(bytes, s->units, scratch).ptr);
		if (x + name_w + 1 + (int)strlen(text) > w)
			continue;
		x += screen_put(s, x, y, w - x, STYLE_DIM, str_of(name)) + 1;
		x += screen_put(s, x, y, w - x, STYLE_STRONG, str_of(text));
		if (size != UNKNOWN) {
			snprintf(text, sizeof(text), " of %s", format_bytes(size, s->units, scratch).ptr);
			if (x + (int)strlen(text) <= w)
				x += screen_put(s, x, y, w - x, STYLE_DIM, str_of(text));
		}
		x += GAP;
	}
	return x > start ? x - GAP - start : 0;
}

#define N_PARTS 4

/* "61 C", "142 of 327 W", "2371 MHz", "1350 rpm": those known, what matters most first. Returns how many. */
static size_t sensor_parts(const struct sensors *s, bool utf8, char ret[static N_PARTS][32])
{
	uint64_t clock = sensors_get(s, SENSOR_CLOCK), clock_max = sensors_get(s, SENSOR_CLOCK_MAX);
	uint64_t power = sensors_get(s, SENSOR_POWER), cap = sensors_get(s, SENSOR_POWER_CAP);
	uint64_t mdeg = sensors_get(s, SENSOR_TEMPERATURE), fan = sensors_get(s, SENSOR_FAN);
	size_t n = 0;

	if (mdeg != UNKNOWN)
		snprintf(ret[n++], 32, "%.0f%sC", (double)mdeg / 1e3, utf8 ? "\302\260" : " ");
	if (power != UNKNOWN && cap != UNKNOWN)
		snprintf(ret[n++], 32, "%.0f of %.0f W", (double)power / 1e6, (double)cap / 1e6);
	else if (power != UNKNOWN)
		snprintf(ret[n++], 32, "%.0f W", (double)power / 1e6);
	if (clock != UNKNOWN && clock_max != UNKNOWN)
		snprintf(ret[n++], 32, "%.0f of %.0f MHz", (double)clock / 1e6, (double)clock_max / 1e6);
	else if (clock != UNKNOWN)
		snprintf(ret[n++], 32, "%.0f MHz", (double)clock / 1e6);
	if (fan != UNKNOWN)
		snprintf(ret[n++], 32, "%" PRIu64 " rpm", fan);
	return n;
}

/* As many as there is room for from @x to @w, at the right. */
static void draw_sensors(const struct snapshot_device *d, struct screen *s, int x, int y, int w)
{
	char parts[N_PARTS][32];
	size_t n = sensor_parts(&d->device.sensors, s->utf8, parts), fit = 0;
	int room = w - x, width = 0;

	while (fit < n && width + GAP + screen_width(s, str_of(parts[fit])) <= room)
		width += GAP + screen_width(s, str_of(parts[fit++]));
	x = w - width;
	for (size_t i = 0; i < fit; i++)
		x += GAP + screen_put(s, x + GAP, y, w, STYLE_NORMAL, str_of(parts[i]));
}

static bool is_memory_known(const struct snapshot_device *d)
{
	for (size_t i = 0; i < d->n_regions; i++)
		if (region_usage_memory(&d->regions[i].usage) != UNKNOWN)
			return true;
	return false;
}

void panel_draw(const struct snapshot_device *d, const struct history *h, bool is_selected, struct screen *s, int y,
		int w)
{
	int x = INDENT, end = y + panel_height(d, w);

	draw_title(d, is_selected, s, y++, w);
	y += draw_engines(d, h, s, y, w);
	if (y == end)
		return;
	if (d->n_regions > 0) {
		int regions_w;

		x += screen_put(s, x, y, w - x, STYLE_NORMAL, str_of("memory")) + GAP;
		regions_w = draw_regions(d, s, x, y, w);
		x += regions_w ? regions_w : screen_put(s, x, y, w - x, STYLE_DIM,
							     str_of(is_memory_known(d) ? "none" : "-"));
	} else if (d->n_engines == 0 && d->n_clients > 0) {
		x += screen_put(s, x, y, w - x, STYLE_DIM,
				str_of("this driver reports neither engines nor memory"));
	}
	draw_sensors(d, s, x, y, w);
}

void panel_draw_line(const struct snapshot_device *d, bool is_selected, struct screen *s, int y, int w)
{
	const char *gpu = d->device.gpu;
	char text[96], scratch[FORMAT_SIZE];
	int x;

	/* The PCI domain is 0 nearly everywhere. */
	if (w < 60 && strncmp(gpu, "0000:", 5) == 0)
		gpu += 5;
	x = screen_put(s, 0, y, w, is_selected ? STYLE_SELECTED : STYLE_TITLE, str_of(gpu)) + 1;
	if (w >= WIDE_LINE) {
		screen_put(s, x, y, NAME_WIDTH, STYLE_NORMAL, str_of(d->device.name));
		x += NAME_WIDTH + 1;
	}
	/* What follows is in columns as far as drivers are alike. */
	if (w >= 60) {
		screen_put(s, x, y, DRIVER_WIDTH, STYLE_NORMAL, str_of(d->device.driver));
		x += DRIVER_WIDTH + 1;
	}
	if (d->device.power == DEVICE_ASLEEP)
		x += screen_put(s, x, y, w - x, STYLE_DIM, str_of("asleep")) + 1;
	for (size_t i = 0; i < d->n_engines; i++) {
		struct str percent = format_percent(share(&d->engines[i]), scratch);

		int room = w >= 60 ? PERCENT_WIDTH : (int)percent.len;

		label(&d->engines[i], text);
		if (x + 1 + screen_width(s, str_of(text)) + 1 + room > w)
			break;
		x += 1 + screen_put(s, x + 1, y, w, STYLE_DIM, str_of(text)) + 1 + room;
		screen_put(s, x - (int)percent.len, y, w,
			   share(&d->engines[i]) > 0 ? STYLE_STRONG : STYLE_DIM, percent);
	}
	x += GAP;
	x += draw_regions(d, s, x, y, w);
	draw_sensors(d, s, x, y, w);
}
