/* SPDX-License-Identifier: MIT */
/*
 * The field table for a person: as a list, and as the section of the manual page. It does not know values.
 */
#ifndef GPUTOP_MANUAL_H
#define GPUTOP_MANUAL_H

#include <stdbool.h>

#include "../fdinfo/buf.h"

/* A line per key of the key table; the KEYS section of gputop(1); a table in Markdown. */
enum manual_style {
	MANUAL_PLAIN,
	MANUAL_MDOC,
	MANUAL_MARKDOWN,
};

void manual_keys(enum manual_style style, struct buf *out);

/* A line per field, or @mdoc: the FIELDS section of gputop(1). Errors stay in out->err. */
void manual_fields(bool mdoc, struct buf *out);

#endif
