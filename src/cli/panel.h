/* SPDX-License-Identifier: MIT */
/*
 * A device on the screen: what it is, a bar per engine with what it did in the last frames, memory per region,
 * sensors. A function of snapshot and history; it does not know what else is on the screen.
 */
#ifndef GPUTOP_PANEL_H
#define GPUTOP_PANEL_H

#include "../fdinfo/snapshot.h"
#include "history.h"
#include "screen.h"

/* Rows that panel_draw() takes on @w cells. */
int panel_height(const struct snapshot_device *d, int w);

/* @h: NULL where nothing but this frame is to be shown. @is_selected: the one the user chose. */
void panel_draw(const struct snapshot_device *d, const struct history *h, bool is_selected, struct screen *s, int y,
		int w);

/* The same in one row, for small screens and many devices. */
void panel_draw_line(const struct snapshot_device *d, bool is_selected, struct screen *s, int y, int w);

#endif
