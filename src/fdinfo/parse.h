/* SPDX-License-Identifier: MIT */
/*
 * Lines, keys and numbers, as the kernel's texts and the dialect of record.h write them. It does not know a single
 * key. What people write is in number.h.
 */
#ifndef GPUTOP_PARSE_H
#define GPUTOP_PARSE_H

#include <stdbool.h>

#include "types.h"

/* Takes the next line off @text, without its newline and carriage returns. False at the end. */
bool parse_line(struct str *text, struct str *ret);

/*
 * Takes the next word off @text; words are separated by blanks: spaces, tabs, carriage returns. False
 * at the end.
 */
bool parse_word(struct str *text, struct str *ret);

/*
 * Splits "key:value" at the first colon. False if there is none, or if the key is empty or not
 * printable ASCII: no kernel prints such a line. @ret_value begins right after the colon.
 */
bool parse_key(struct str line, struct str *ret_key, struct str *ret_value);

/* If @s begins with @prefix (a literal of @len bytes), takes it off. */
bool parse_prefix(struct str *s, const char *prefix, size_t len);

/* Without blanks at either end. */
struct str parse_trim(struct str s);

struct unit {
	struct str name;
	uint64_t factor;
};

/* The units a value may have, ended by an absent name. "" stands for a number without one. */
extern const struct unit units_none[], units_ns[], units_bytes[], units_hz[];

/*
 * "N" or "N unit", blanks around and between. False if it is anything else (a sign, another unit) or
 * if it does not fit below UNKNOWN.
 */
bool parse_count(struct str value, const struct unit *units, uint64_t *ret);

/* Digits only, and at most @max. */
bool parse_digits(struct str s, uint64_t max, uint64_t *ret);

#endif
