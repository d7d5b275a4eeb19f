/* SPDX-License-Identifier: MIT */
/*
 * What is drawn of keys: the help page, the last row of the screen, a menu. Functions of the key table and
 * the model; they do not know what else is on the screen.
 */
#ifndef GPUTOP_OVERLAY_H
#define GPUTOP_OVERLAY_H

#include "model.h"
#include "screen.h"

/*
 * The key table on rows @y up to @end, without its first @skip lines: in two columns where there is room. Returns
 * how many lines it has.
 */
size_t help_draw(struct screen *s, size_t skip, int y, int end);

/* Row @y: the prompt if it is open, else the message if there is one, else the keys of this page. */
void footer_draw(const struct model *m, struct screen *s, int y);

/* Over the left side of rows @y up to @end: as many items as fit, the marked one among them. */
void menu_draw(const struct menu *menu, struct screen *s, int y, int end);

#endif
