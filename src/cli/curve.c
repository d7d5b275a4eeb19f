/* SPDX-License-Identifier: MIT */
#include "curve.h"

#include <math.h>

/* Levels of a row: dots of braille, and as many heights of ASCII. */
#define LEVELS 4

/* Dots of a cell from the bottom up, left and right column: their bits in U+2800. */
static const unsigned char dots[2][LEVELS] = { { 0x40, 0x04, 0x02, 0x01 }, { 0x80, 0x20, 0x10, 0x08 } };

static const char *const heights[LEVELS] = { "_", ".", ":", "|" };

size_t curve_samples(const struct screen *s, int w)
{
	return w > 0 ? (size_t)w * (s->utf8 ? 2 : 1) : 0;
}

double curve_max(const struct history *h, const struct track *t, size_t n)
{
	double max = 0;

	for (size_t age = 0; age < n && age < history_length(h); age++)
		max = fmax(max, history_at(h, t, age));
	return max;
}

/* 0 for what is 0, up to @levels - 1; something is not nothing. -1: unknown. */
static int level_of(double value, double max, int levels)
{
	double level = max > 0 ? value / max * (levels - 1) : 0;

	if (isnan(value))
		return -1;
	return level >= levels - 1 ? levels - 1 : (int)ceil(level);
}

/* Adds dots to those the cell has. */
static void add_dots(struct screen *s, int x, int y, enum style style, unsigned int bits)
{
	const unsigned char *was = (const unsigned char *)screen_cell(s, x, y)->glyph.bytes;
	char text[3] = { '\342' };

	if (was[0] == 0xe2 && (was[1] & 0xfc) == 0xa0)
		bits |= (was[1] & 3u) << 6 | (was[2] & 0x3fu);
	text[1] = (char)(0xa0 | bits >> 6);
	text[2] = (char)(0x80 | (bits & 0x3f));
	screen_put(s, x, y, 1, style, (struct str){ text, sizeof(text) });
}

struct place {
	int x, y, rows;		/* y: of the top row */
	int column;		/* of dots, or of cells */
	enum style style;
	char mark;		/* 0: filled */
};

/* Levels @from up to @to of one column. */
static void draw_column(struct screen *s, const struct place *p, int from, int to)
{
	for (int row = from / LEVELS; row <= to / LEVELS; row++) {
		int low = row == from / LEVELS ? from % LEVELS : 0;
		int high = row == to / LEVELS ? to % LEVELS : LEVELS - 1;
		int y = p->y + p->rows - 1 - row;
		unsigned int bits = 0;

		for (int i = low; i <= high; i++)
			bits |= dots[p->column & 1][i];
		if (s->utf8)
			add_dots(s, p->x + p->column / 2, y, p->style, bits);
		else
			screen_put(s, p->x + p->column, y, 1, p->style,
				   p->mark ? (struct str){ &p->mark, 1 } : str_of(heights[high]));
	}
}

void curve_area(struct screen *s, int x, int y, int w, int rows, const struct history *h, const struct track *t,
		double max, enum style style)
{
	struct place p = { .x = x, .y = y, .rows = rows, .style = style };
	int n = (int)curve_samples(s, w);

	if (x < 0 || x + w > s->w || y < 0 || y + rows > s->h)
		return;
	for (p.column = 0; p.column < n; p.column++) {
		int level = level_of(history_at(h, t, (size_t)(n - 1 - p.column)), max, rows * LEVELS);

		if (level >= 0)
			draw_column(s, &p, 0, level);
	}
}

void curve_line(struct screen *s, int x, int y, int w, int rows, const struct history *h, const struct track *t,
		double max, enum style style, char mark)
{
	struct place p = { .x = x, .y = y, .rows = rows, .style = style, .mark = mark };
	int n = (int)curve_samples(s, w), before = -1;

	if (x < 0 || x + w > s->w || y < 0 || y + rows > s->h)
		return;
	for (p.column = 0; p.column < n; p.column++) {
		int level = level_of(history_at(h, t, (size_t)(n - 1 - p.column)), max, rows * LEVELS);

		/* what joins two samples belongs to the later one */
		if (level >= 0)
			draw_column(s, &p, before >= 0 && before < level ? before + 1 : level,
				    before > level ? before - 1 : level);
		before = level;
	}
}

void curve_marks(struct screen *s, int x, int y, int w, int rows, const struct history *h, const struct track *t,
		 double max, enum style style, char mark, int first)
{
	if (x < 0 || x + w > s->w || y < 0 || y + rows > s->h)
		return;
	for (int back = first; back < w; back += CURVE_MARK_EVERY) {
		int level = level_of(history_at(h, t, curve_samples(s, back)), max, rows * LEVELS);

		if (level >= 0)
			screen_put(s, x + w - 1 - back, y + rows - 1 - level / LEVELS, 1, style, (struct str){ &mark, 1 });
	}
}
