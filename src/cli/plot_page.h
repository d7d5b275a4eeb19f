/* SPDX-License-Identifier: MIT */
/*
 * The page of plots: the last minutes of a device or client, its engines above, its memory below, or one of them
 * alone, with scales, times and a legend. A function of the history; it does not know how it was chosen.
 */
#ifndef GPUTOP_PLOT_PAGE_H
#define GPUTOP_PLOT_PAGE_H

#include "history.h"
#include "screen.h"

/*
 * Draws on rows @y up to @end. @of NULL: there is nothing to plot. @series: from 1, that track alone; 0: all.
 */
void plot_page_draw(const struct history *h, const struct history_subject *of, size_t series, struct screen *s, int y,
		    int end);

#endif
