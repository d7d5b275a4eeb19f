/* SPDX-License-Identifier: MIT */
/*
 * Filter expressions over the field table: "user=alice and (gfx>10% or vram>1G)". They are parsed once and
 * asked of every client. What they mean to the user is in the manual page, FILTERS.
 *
 *   or    = and { "or" and }
 *   and   = not { ["and"] not }
 *   not   = "not" not | "(" or ")" | word [operator word]
 *
 * operator: = != < <= > >= ~ (contains). A word ends at a blank, a parenthesis or an operator, unless it is
 * quoted. It does not know views, nor how an expression was entered.
 */
#ifndef GPUTOP_FILTER_H
#define GPUTOP_FILTER_H

#include "field.h"

#define FILTER_MAX_TEXT 256
#define FILTER_MAX_NODES 48

enum filter_operator { FILTER_EQ, FILTER_NE, FILTER_LT, FILTER_LE, FILTER_GT, FILTER_GE, FILTER_CONTAINS };

struct filter_node {
	enum { FILTER_AND, FILTER_OR, FILTER_NOT, FILTER_COMMAND, FILTER_COMPARE } kind;
	size_t left, right;		/* nodes; FILTER_NOT: left */
	enum filter_operator op;
	struct column column;		/* without a field: column.of is an engine or a region, which the client
					 * tells */
	struct value value;		/* what is compared with, but text; of an engine its busy share */
	struct value of_region;		/* what a region's memory is compared with */
	size_t text, text_len;		/* where the text to look for lies in filter.text */
};

/* No pointers into itself: it may be copied. Zero-initialised is the empty expression, which all match. */
struct filter {
	char text[FILTER_MAX_TEXT];
	struct filter_node nodes[FILTER_MAX_NODES];	/* the last one is the root */
	size_t n;
};

/* Where an expression goes wrong, in bytes, and what should be there ("a number"): a static text. */
struct filter_error {
	size_t at;
	const char *expected;
};

/* 0, or -EINVAL with @ret_error, @ret as it was. */
int filter_parse(const char *text, struct filter *ret, struct filter_error *ret_error);

/*
 * True if @c fits. A comparison with something unknown is false, whatever the operator. @scratch: as for
 * column_get().
 */
bool filter_matches(const struct filter *f, const struct snapshot_client *c, struct buf *scratch);

/*
 * Appends @prefix and "no client has an engine or region 'gfx'; there are: rcs, vcs, vram0" for the first name in @f
 * that none of the @n @devices has: it fits nobody. Nothing if each is known, or there is no client to know them from.
 * Safe to show, whatever the names; errors stay in out->err.
 */
void filter_say_absent(const struct filter *f, const struct snapshot_device *const *devices, size_t n,
		       const char *prefix, struct buf *out);

#endif
