/* SPDX-License-Identifier: MIT */
#include "screen.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const struct cell blank = { .glyph = { " ", 1 }, .style = STYLE_NORMAL };

static struct cell *cell_at(const struct screen *s, int x, int y)
{
	return &s->cells[(size_t)y * (size_t)s->w + (size_t)x];
}

int screen_resize(struct screen *s, int w, int h)
{
	size_t size = (size_t)w * (size_t)h;

	if (size > s->size) {
		struct cell *cells = realloc(s->cells, size * sizeof(*cells));

		if (!cells)
			return -ENOMEM;
		s->cells = cells;
		s->size = size;
	}
	s->w = w;
	s->h = h;
	screen_clear(s);
	return 0;
}

void screen_done(struct screen *s)
{
	free(s->cells);
	*s = (struct screen){ 0 };
}

void screen_clear(struct screen *s)
{
	for (size_t i = 0; i < (size_t)s->w * (size_t)s->h; i++)
		s->cells[i] = blank;
}

/* Overwriting half of a wide character must not leave the other half. */
static void put_glyph(struct screen *s, int x, int y, enum style style, const struct glyph *g)
{
	struct cell *c = cell_at(s, x, y);
	int right = x + g->width;

	if (c->glyph.width == 0 && x > 0)
		c[-1].glyph = blank.glyph;
	if (right < s->w && cell_at(s, right, y)->glyph.width == 0)
		cell_at(s, right, y)->glyph = blank.glyph;
	*c = (struct cell){ .glyph = *g, .style = (unsigned char)style };
	if (g->width == 2)
		c[1] = (struct cell){ .style = (unsigned char)style };
}

int screen_put(struct screen *s, int x, int y, int max, enum style style, struct str text)
{
	struct glyph g;
	int used = 0;

	if (x < 0 || x >= s->w || y < 0 || y >= s->h)
		return 0;
	if (max > s->w - x)
		max = s->w - x;
	while (used < max && glyph_next(&text, s->utf8, &g) && used + g.width <= max) {
		put_glyph(s, x + used, y, style, &g);
		used += g.width;
	}
	return used;
}

int screen_printf(struct screen *s, int x, int y, int max, enum style style, const char *format, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	return screen_put(s, x, y, max, style, str_of(text));
}

void screen_mark(struct screen *s, int x, int y, int w, enum spot_kind kind, unsigned int value)
{
	if (y < 0 || y >= s->h)
		return;
	for (int i = x < 0 ? 0 : x; i < x + w && i < s->w; i++)
		cell_at(s, i, y)->spot = (struct spot){ (unsigned char)kind, value };
}

struct spot screen_spot(const struct screen *s, int x, int y)
{
	if (x < 0 || x >= s->w || y < 0 || y >= s->h)
		return (struct spot){ SPOT_NONE, 0 };
	return cell_at(s, x, y)->spot;
}

void screen_style(struct screen *s, int x, int y, int w, enum style style)
{
	if (y < 0 || y >= s->h)
		return;
	for (int i = x < 0 ? 0 : x; i < x + w && i < s->w; i++)
		cell_at(s, i, y)->style = (unsigned char)style;
}

void screen_bar(struct screen *s, int x, int y, int w, enum style style, double full)
{
	int halves = full > 0 ? (int)((full < 1 ? full : 1) * w * 2 + 0.5) : 0;

	/* Something is not nothing: the least use shows. */
	if (full > 0 && halves == 0)
		halves = 1;
	for (int i = 0; i < w && halves > 0; i++, halves -= 2) {
		const char *part = !s->utf8 ? "|" : halves > 1 ? "█" : "▌";

		screen_put(s, x + i, y, 1, style, str_of(part));
	}
}

int screen_width(const struct screen *s, struct str text)
{
	struct glyph g;
	int width = 0;

	while (width < INT_MAX - 2 && glyph_next(&text, s->utf8, &g))
		width += g.width;
	return width;
}

const struct cell *screen_cell(const struct screen *s, int x, int y)
{
	return cell_at(s, x, y);
}

bool cell_equal(const struct cell *a, const struct cell *b)
{
	return a->style == b->style && a->glyph.width == b->glyph.width &&
	       strcmp(a->glyph.bytes, b->glyph.bytes) == 0;
}

void screen_text(const struct screen *s, struct buf *out)
{
	for (int y = 0; y < s->h; y++) {
		int end = s->w;

		while (end > 0 && strcmp(cell_at(s, end - 1, y)->glyph.bytes, " ") == 0)
			end--;
		for (int x = 0; x < end; x++)
			buf_add_str(out, str_of(cell_at(s, x, y)->glyph.bytes));
		buf_add(out, "\n", 1);
	}
}
