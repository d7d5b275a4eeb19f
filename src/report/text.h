/* SPDX-License-Identifier: MIT */
/*
 * Names and command lines are bytes that a process chose: here they become text that is safe to hand on.
 * It does not know columns or colours.
 */
#ifndef GPUTOP_TEXT_H
#define GPUTOP_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "../fdinfo/buf.h"

/*
 * The first character of @s. Returns its length in bytes, 1..4, with the code point in @ret; an invalid
 * sequence (RFC 3629: overlong, surrogate, cut) gives its first byte as U+FFFD. @s must not be empty.
 */
size_t text_decode(struct str s, uint32_t *ret);

/* Valid UTF-8: each invalid byte becomes U+FFFD. Errors stay in out->err. */
void text_add_utf8(struct buf *out, struct str s);

/*
 * True for a character that has no width of its own and changes what others look like, or where: joiners, marks of
 * direction and the like.
 */
bool text_is_invisible(uint32_t code);

/*
 * Valid UTF-8 without control characters: U+0000..1F, U+7F..9F, the backslash and what is invisible are C-escaped
 * as in buf_add_escaped(), so that no name can move a cursor, begin a line or turn one around. Errors stay in
 * out->err.
 */
void text_add_printable(struct buf *out, struct str s);

/* Valid UTF-8 without control characters: U+0000..1F, U+7F..9F and invalid bytes become U+FFFD. */
void text_add_visible(struct buf *out, struct str s);

/* True if @part, which is not empty, is somewhere in @text; ASCII letters of either case are the same. */
bool text_contains(struct str text, struct str part);

/* "0.420000": six decimals, a point in every locale. Nothing for NAN and what is not below 1e9. */
void text_add_ratio(struct buf *out, double ratio);

#endif
