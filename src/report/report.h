/* SPDX-License-Identifier: MIT */
/*
 * Reports: a snapshot as bytes. They see only snapshots, views and fields; carriers move the bytes.
 */
#ifndef GPUTOP_REPORT_H
#define GPUTOP_REPORT_H

#include "../fdinfo/buf.h"
#include "view.h"

/*
 * One JSON object and a newline: schema "gputop/1" (gputop.schema.json). Invalid UTF-8 in names becomes
 * U+FFFD. 0 or -ENOMEM.
 */
int report_json(const struct snapshot *s, const struct view *v, struct buf *out);

/* What CSV remembers between frames: the columns of the last heading. Zero-initialised is valid. */
struct csv {
	struct column *columns;
	size_t n_columns;
};

/*
 * RFC 4180 rows, one per client, the first column the frame's time (RFC 3339, UTC). A heading comes first,
 * and again when an engine or region appeared that the columns ask for. 0 or -ENOMEM.
 */
int report_csv(struct csv *csv, const struct snapshot *s, const struct view *v,
	       const struct column *columns, size_t n_columns, struct buf *out);
void csv_done(struct csv *csv);

/*
 * The frame in the dialect of record.h: all devices, one record per client and process holding it, the
 * frame record. @first: begins with the protocol record. Errors in out->err.
 */
void report_raw(const struct snapshot *s, const struct view *v, bool first, struct buf *out);

/* RFC 3339 with milliseconds, UTC: "2026-01-02T03:04:05.678Z". */
void report_time(uint64_t clock_ns, char ret[static 32]);

#endif
