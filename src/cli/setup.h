/* SPDX-License-Identifier: MIT */
/*
 * The setup page: a line per setting, then one per column, those in use first and in their order. Lines are what
 * keys act upon (action_setup.c) and what is drawn. A function of the model.
 */
#ifndef GPUTOP_SETUP_H
#define GPUTOP_SETUP_H

#include "model.h"
#include "screen.h"

enum setup_line {
	SETUP_THEME,
	SETUP_DELAY,
	SETUP_IDLE,
	SETUP_UNITS,
	N_SETUP_SETTINGS	/* columns from here on */
};

/* How many lines there are. */
size_t setup_length(const struct model *m);

/*
 * The column of a line from N_SETUP_SETTINGS on: its index in m->columns, or, for one that is not in use,
 * m->n_columns, and the field in @ret.
 */
size_t setup_column(const struct model *m, size_t line, const struct field **ret);

/* Rows @y up to @end; the line of m->setup_line is marked and among them. */
void setup_draw(const struct model *m, struct screen *s, int y, int end);

#endif
