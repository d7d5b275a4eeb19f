/* SPDX-License-Identifier: MIT */
/*
 * A device on the screen: what it is, a bar per engine, memory per region. A function of the snapshot;
 * it does not know what else is on the screen.
 */
#ifndef GPUTOP_PANEL_H
#define GPUTOP_PANEL_H

#include "../fdinfo/snapshot.h"
#include "screen.h"

/* Rows that panel_draw() takes on @w cells. */
int panel_height(const struct snapshot_device *d, int w);

void panel_draw(const struct snapshot_device *d, struct screen *s, int y, int w);

/* The same in one row, for small screens and many devices. */
void panel_draw_line(const struct snapshot_device *d, struct screen *s, int y, int w);

#endif
