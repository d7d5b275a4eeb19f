/* SPDX-License-Identifier: MIT */
/*
 * Reports: a snapshot as bytes. They see only snapshots, views and fields; carriers move the bytes.
 */
#ifndef GPUTOP_REPORT_H
#define GPUTOP_REPORT_H

#include "../fdinfo/buf.h"
#include "view.h"

/*
 * One JSON object and a newline, as gputop.schema.json describes it ("gputop/1"). Pure ASCII: invalid
 * UTF-8 becomes U+FFFD, and what is not printable ASCII is written \uXXXX. 0 or -ENOMEM.
 */
int report_json(const struct snapshot *s, const struct view *v, struct buf *out);

/* What CSV remembers between frames: the columns of the last heading. Zero-initialised is valid. */
struct csv {
	struct column *columns;
	size_t n_columns;

	size_t columns_size;		/* allocated */
	struct column *next;		/* scratch: the columns of this frame */
	size_t next_size;
	struct buf scratch;
};

/*
 * One row per client, the first column the frame's time (RFC 3339, UTC). A heading comes first, and again
 * when the columns changed because an engine or region appeared. 0 or -ENOMEM.
 *
 * Quoted as in RFC 4180, with two choices for text tools: lines end in LF, and text is as
 * text_add_printable() writes it, so that a row is always one line. A text that a spreadsheet may take for
 * a formula is not changed: the readers are programs, and to them it would be a wrong value.
 */
int report_csv(struct csv *csv, const struct snapshot *s, const struct view *v,
	       const struct column *columns, size_t n_columns, struct buf *out);
void csv_done(struct csv *csv);

/* What a raw stream remembers. Zero-initialised is valid. */
struct raw {
	bool is_open;			/* the protocol record was written */
	bool hides_strangers;		/* of a sharer of another user than the owner's only who it is: pid, start, uid */

	int *fds;			/* scratch */
	size_t fds_size;
};

/*
 * The devices and clients in view in the dialect of record.h: one record per device, one per client and
 * process holding it, the frame record; the protocol record before the first. A replay gives the same
 * snapshot if the view has everything. 0 or -ENOMEM.
 */
int report_raw(struct raw *raw, const struct snapshot *s, const struct view *v, struct buf *out);
void raw_done(struct raw *raw);

/* RFC 3339 with milliseconds, UTC: "2026-01-02T03:04:05.678Z". */
void report_time(uint64_t clock_ns, char ret[static 32]);

#endif
