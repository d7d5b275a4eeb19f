/* SPDX-License-Identifier: MIT */
/*
 * The whole screen as a function of snapshot, view and model: what goes where at any size, and the cells.
 * It knows neither the terminal nor where frames come from.
 */
#ifndef GPUTOP_LAYOUT_H
#define GPUTOP_LAYOUT_H

#include "history.h"
#include "list.h"
#include "model.h"
#include "screen.h"

#define LAYOUT_MIN_WIDTH 20
#define LAYOUT_MIN_HEIGHT 5

struct layout {
	const struct history *history;	/* borrowed, for curves; NULL: none are drawn */
	int w, h;
	int panel_w;		/* cells for header and devices: not as wide as the widest terminal */
	int cost_y, denied_y;	/* rows of the header besides the first; -1: not there */
	int devices_y;
	int devices_h;
	bool compact;		/* a row a device */
	int list_y;		/* the heading of the client table */
	size_t rows;		/* clients that fit */
	size_t page_lines;	/* as drawn last: see struct model_context */
	size_t n_series;
	bool footer;		/* the last row: keys, a message or the prompt */
	struct list list;
	struct buf restriction;	/* what clients were asked for, as text */
	struct buf why_empty;	/* why there is no row, where there is none */
};

/* Zero-initialised is valid. */
void layout_done(struct layout *l);

/* Divides @w x @h cells. @h 0: as high as it takes to show everything, which l->h then says. */
void layout_plan(struct layout *l, const struct model *m, const struct snapshot *s, const struct view *v,
		 int w, int h);

/* What is on the screen, for model_key() and model_settle(). Borrows from @l and @v. */
struct model_context layout_context(const struct layout *l, const struct view *v);

/* Draws on @screen, which is l->w x l->h and blank. */
void layout_draw(struct layout *l, const struct model *m, const struct snapshot *s, const struct view *v,
		 struct screen *screen);

#endif
