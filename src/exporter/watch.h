/* SPDX-License-Identifier: MIT */
/*
 * What the exporter knows of the GPUs: the daemon's stream, or a recording, folded into totals. It connects
 * again by itself when the daemon went away. It does not know who asks.
 */
#ifndef GPUTOP_WATCH_H
#define GPUTOP_WATCH_H

#include "../fdinfo/source.h"
#include "../report/openmetrics.h"

struct watch {
	const char *socket;
	const char *replay;		/* a recording instead, one frame every interval; its last one stays */
	uint64_t interval_ns;

	struct source *source;		/* NULL: not connected */
	struct table *table;
	struct totals totals;
	bool is_current;		/* the last frame is of now */
	int err;			/* why it is not connected, or a recording ended early */
	uint64_t next_ns;		/* when there is something to do but reading: CLOCK_MONOTONIC */
	uint64_t seen_ns;		/* when the last frame came */
};

/* The caller sets the first three and totals.max_groups. 0 or -ENOMEM. */
int watch_init(struct watch *w);
void watch_done(struct watch *w);

/*
 * Does what is due at @now_ns: connects, takes frames. Returns 0, or -ENOMEM. The daemon being away is no
 * error: w->err says why.
 */
int watch_step(struct watch *w, uint64_t now_ns);

/* What to poll for reading, or -1. */
int watch_fd(const struct watch *w);

/* The last frame, NULL if there is none or it is not current. */
const struct snapshot *watch_snapshot(const struct watch *w);

#endif
