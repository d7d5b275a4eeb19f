/* SPDX-License-Identifier: MIT */
/*
 * The client table on the screen: which columns have room, their heading, a row per client. A function of
 * view and model; it does not know what else is on the screen.
 */
#ifndef GPUTOP_LIST_H
#define GPUTOP_LIST_H

#include "model.h"
#include "screen.h"

struct list {
	struct column columns[MODEL_MAX_COLUMNS];	/* expanded; those that are shown */
	int widths[MODEL_MAX_COLUMNS];
	size_t n_columns;
	int gpu_width;		/* of devices without the first PCI domain, as lspci has them; 0: they are said whole */
	int bytes_width;	/* of sizes, in the units asked for */
	size_t tree_column;	/* the one with the tree's lines; n_columns: none */
	struct buf scratch;	/* text made for a cell */
};

/* Zero-initialised is valid. */
void list_done(struct list *l);

/*
 * Chooses the columns for @w cells. Where the user asked for none in particular, what says least makes
 * room: the device if there is one only, workload and total time, the engines that have been used least (of
 * which "use" still has the sum), then user, device, memory, use; but not what rows are grouped or sorted by, which is
 * added.
 */
void list_fit(struct list *l, const struct model *m, const struct snapshot *s, const struct view *v, int w);

/* The heading at row @y and at most @rows clients below it, from m->top on. */
void list_draw(struct list *l, const struct model *m, const struct view *v, struct screen *s, int y,
	       size_t rows);

#endif
