/* SPDX-License-Identifier: MIT */
/*
 * Tracks of a history drawn in cells: braille dots where the screen is UTF-8 (two samples in a cell, four
 * levels in a row), else ASCII (a sample in a cell). The last sample is at the right. A sample that is unknown
 * leaves its place blank, one that is 0 does not. It does not know what the tracks are of.
 */
#ifndef GPUTOP_CURVE_H
#define GPUTOP_CURVE_H

#include "history.h"
#include "screen.h"

/* Samples that @w cells show. */
size_t curve_samples(const struct screen *s, int w);

/* The largest of the last @n samples, 0 if none is known. */
double curve_max(const struct history *h, const struct track *t, size_t n);

/* The last samples as columns from the bottom of @rows rows, where @max fills all of them. */
void curve_area(struct screen *s, int x, int y, int w, int rows, const struct history *h, const struct track *t,
		double max, enum style style);

/* The same as a line; several may be drawn over each other. @mark: what it is made of in ASCII. */
void curve_line(struct screen *s, int x, int y, int w, int rows, const struct history *h, const struct track *t,
		double max, enum style style, char mark);

/* @mark on every CURVE_MARK_EVERY-th cell of the line, the last one @first cells before its end. */
#define CURVE_MARK_EVERY 16
void curve_marks(struct screen *s, int x, int y, int w, int rows, const struct history *h, const struct track *t,
		 double max, enum style style, char mark, int first);

#endif
