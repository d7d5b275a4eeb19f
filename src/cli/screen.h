/* SPDX-License-Identifier: MIT */
/*
 * A grid of cells to draw on: characters with a width and a style. Everything put on it is made safe
 * (glyph.h) and clipped, so that no text can leave its place. It knows neither the terminal nor GPUs.
 */
#ifndef GPUTOP_SCREEN_H
#define GPUTOP_SCREEN_H

#include <stdbool.h>

#include "glyph.h"
#include "units.h"
#include "../fdinfo/buf.h"

/* What a cell means; who owns the terminal decides what that looks like. */
enum style {
	STYLE_NORMAL,
	STYLE_DIM,
	STYLE_STRONG,
	STYLE_TITLE,		/* names of devices and of the program */
	STYLE_LIVE,
	STYLE_REPLAY,		/* not this machine, not now */
	STYLE_WARNING,
	STYLE_HEADING,		/* the table's first row */
	STYLE_HEADING_SORT,
	STYLE_SELECTED,
	STYLE_BAR_LOW,		/* bars by how full they are */
	STYLE_BAR_MIDDLE,
	STYLE_BAR_HIGH,
	STYLE_METER,		/* a number with a bar behind it: the part under the bar */
	STYLE_KEY,
	STYLE_MESSAGE,		/* for the user, in the last row */
	STYLE_SERIES,		/* the first of N_SERIES_STYLES curves in one plot */
	STYLE_SERIES_END = STYLE_SERIES + 5,
	N_STYLES
};

#define N_SERIES_STYLES (STYLE_SERIES_END - STYLE_SERIES + 1)

/* What a click on a cell means. */
enum spot_kind {
	SPOT_NONE,
	SPOT_KEY,		/* the same as that key */
	SPOT_COLUMN,		/* of the table, from 0 */
	SPOT_ROW,		/* of the view */
	SPOT_DEVICE,		/* of the view */
	SPOT_ITEM,		/* of the menu */
	SPOT_LINE,		/* of the setup page */
};

struct spot {
	unsigned char kind;
	unsigned int value;
};

struct cell {
	struct glyph glyph;	/* width 0: the right half of a wide character */
	unsigned char style;
	struct spot spot;
};

struct screen {
	int w, h;
	bool utf8;		/* false: ASCII only */
	enum units units;	/* of the sizes that are written on it */
	struct cell *cells;	/* h rows of w */
	size_t size;		/* cells allocated */
};

/* Zero-initialised is a valid empty screen. Makes it @w x @h blank cells. 0 or -ENOMEM. */
int screen_resize(struct screen *s, int w, int h);
void screen_done(struct screen *s);

void screen_clear(struct screen *s);

/*
 * Puts @text at column @x of row @y, on at most @max cells and never beyond the edges. A wide character
 * that would be cut is left out. Returns the cells it took.
 */
int screen_put(struct screen *s, int x, int y, int max, enum style style, struct str text);
int screen_printf(struct screen *s, int x, int y, int max, enum style style, const char *format, ...)
	__attribute__((format(printf, 6, 7)));

/* Says what a click on @w cells from @x on means; until something else is put there. */
void screen_mark(struct screen *s, int x, int y, int w, enum spot_kind kind, unsigned int value);

/* What a click there means; anywhere beyond the edges it means nothing. */
struct spot screen_spot(const struct screen *s, int x, int y);

/* Gives @w cells from @x on another style. */
void screen_style(struct screen *s, int x, int y, int w, enum style style);

/*
 * A bar of @w cells, @full (0..1, else clamped; NAN: empty) of them filled, to half a cell where the
 * screen is UTF-8. The empty part keeps what was there.
 */
void screen_bar(struct screen *s, int x, int y, int w, enum style style, double full);

/* Cells that @text would take. */
int screen_width(const struct screen *s, struct str text);

const struct cell *screen_cell(const struct screen *s, int x, int y);
/* Whether they look the same. */
bool cell_equal(const struct cell *a, const struct cell *b);

/* The characters, a line a row, without trailing blanks. Errors stay in out->err. */
void screen_text(const struct screen *s, struct buf *out);

#endif
