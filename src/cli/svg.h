/* SPDX-License-Identifier: MIT */
/*
 * The frame of an SVG picture, its text and its colours. It does not know what is drawn.
 */
#ifndef GPUTOP_SVG_H
#define GPUTOP_SVG_H

#include "../fdinfo/buf.h"

/* A white picture of @w x @h; lines of class "grid" are light. Errors stay in out->err. */
void svg_begin(struct buf *out, int w, int h);
void svg_end(struct buf *out);

/* Any bytes, as text of XML. */
void svg_add_text(struct buf *out, struct str text);

/* How the @i-th curve is told from the others: the attributes of its path, solid and dashed in turn. */
const char *svg_colour(size_t i);
const char *svg_dash(size_t i);

#endif
