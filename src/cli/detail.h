/* SPDX-License-Identifier: MIT */
/*
 * The page of one client: every fact there is of it, its engines and regions with the last minutes, everybody
 * who holds it, the driver's own lines. A function of snapshot and history; it does not know how it was chosen.
 */
#ifndef GPUTOP_DETAIL_H
#define GPUTOP_DETAIL_H

#include "history.h"
#include "screen.h"

/*
 * Draws the client's lines from @skip on, on rows @y up to @end; @c NULL: it is not there any more. @h: NULL
 * where no past is to be shown. @scratch is for text made here. Returns how many lines it has in all.
 */
size_t detail_draw(const struct snapshot_client *c, const struct history *h, size_t skip, struct screen *s, int y,
		   int end, struct buf *scratch);

#endif
