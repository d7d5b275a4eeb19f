/* SPDX-License-Identifier: MIT */
/*
 * Text from outside (process names, command lines, users, devices) one character at a time, made safe:
 * whatever the bytes are, each character takes a known number of cells and none of them steers the
 * terminal. It does not know cells, colours or what the text means.
 */
#ifndef GPUTOP_GLYPH_H
#define GPUTOP_GLYPH_H

#include <stdbool.h>

#include "../fdinfo/types.h"

/* A character of at most 4 bytes, two combining marks, a NUL. */
#define GLYPH_BYTES 13

struct glyph {
	char bytes[GLYPH_BYTES];	/* UTF-8, NUL-terminated */
	unsigned char width;		/* cells: 1 or 2 */
};

/*
 * Takes the next character off @text. Control bytes, invalid UTF-8, unassigned code points and those
 * that turn the direction of text or hide become "?"; joiners and variation selectors, about whose
 * width terminals disagree, are left out. With @utf8 false everything beyond ASCII is "?".
 * With @utf8 true the program's LC_CTYPE must be UTF-8: widths are those of wcwidth(3).
 * Returns false at the end of the text.
 */
bool glyph_next(struct str *text, bool utf8, struct glyph *ret);

#endif
