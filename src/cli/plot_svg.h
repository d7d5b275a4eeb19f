/* SPDX-License-Identifier: MIT */
/*
 * A history as a picture: engines and memory of each device, then the clients that used most. It does not know
 * where the history is from.
 */
#ifndef GPUTOP_PLOT_SVG_H
#define GPUTOP_PLOT_SVG_H

#include "history.h"
#include "units.h"
#include "../fdinfo/buf.h"

#define PLOT_SVG_MAX_LINES 28	/* as many as colours and dashes tell apart, twice over */

/* @title: what it is of. At most @clients clients, and PLOT_SVG_MAX_LINES. Errors stay in out->err. */
void plot_svg(const struct history *h, const char *title, size_t clients, enum units units, struct buf *out);

#endif
