/* SPDX-License-Identifier: MIT */
/*
 * The files a daemon keeps: metrics as a textfile, JSON and CSV as histories, each at its own interval.
 * They see snapshots and totals; they do not know where frames come from.
 */
#ifndef GPUTOPD_SINKS_H
#define GPUTOPD_SINKS_H

#include "../report/openmetrics.h"
#include "../report/report.h"
#include "due.h"
#include "history.h"
#include "../log.h"
#include "settings.h"

enum sink_kind {
	SINK_TEXTFILE,
	SINK_JSON,
	SINK_CSV,
	N_SINKS
};

struct sink {
	struct due due;
	int err;			/* of the last attempt */
	uint64_t n_lost;		/* frames since it fails */
	struct log_limit limit;		/* a disk that is just full fails and works by turns */
	struct history history;		/* of JSON and CSV */
};

/* One moment as sinks see it. */
struct sink_frame {
	const struct snapshot *snapshot;	/* NULL: the scan failed */
	const struct totals *totals;
	uint64_t t_ns;			/* CLOCK_MONOTONIC */
	enum reload reload;		/* how the last reload of the configuration went */
};

struct sinks {
	const struct settings *settings;
	struct sink all[N_SINKS];
	struct view view;
	struct buf buf;
	struct csv csv;
	struct openmetrics openmetrics;
};

/* @settings: borrowed until the next sinks_configure() or sinks_done(). */
void sinks_init(struct sinks *s, const struct settings *settings);

/* Other settings, or files that somebody moved away: all are opened anew. */
void sinks_configure(struct sinks *s, const struct settings *settings);

/*
 * Writes what is due. What fails is said once, with the file and the reason, and again when it works again
 * or fails differently; the frame is lost, and the next tries again.
 */
void sinks_write(struct sinks *s, const struct sink_frame *f);

/* A clean stop, or another textfile from now on: the one there is becomes empty, so that nobody takes what it said for news. */
void sinks_stop(struct sinks *s);
void sinks_done(struct sinks *s);

#endif
