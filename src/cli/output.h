/* SPDX-License-Identifier: MIT */
/*
 * A file or pipe that frames are written to, in one of the formats. It knows how to write, not where
 * frames come from or when.
 */
#ifndef GPUTOP_OUTPUT_H
#define GPUTOP_OUTPUT_H

#include "../report/report.h"
#include "model.h"

enum output_format {
	OUTPUT_TEXT,	/* the screen without a limit of height */
	OUTPUT_RAW,
	OUTPUT_JSON,
	OUTPUT_CSV,
};

/* The format called @name ("raw", "json", "csv"). 0 or -ENOENT. */
int output_format_find(const char *name, enum output_format *ret);

struct output;

/* Writes to @fd, which stays the caller's. @width: cells of text lines. 0 or -ENOMEM. */
int output_new(int fd, enum output_format format, int width, struct output **ret);
void output_free(struct output *out);

/*
 * Writes one frame, whole. Text and CSV have the model's columns. Returns 0, -EPIPE if nobody reads any
 * more, or another -errno.
 */
int output_frame(struct output *out, const struct model *m, const struct snapshot *s,
		 const struct view *v);

#endif
