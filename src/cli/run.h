/* SPDX-License-Identifier: MIT */
/*
 * What every way of showing frames shares: the options, the feed, the model, and the recording that is
 * made along the way.
 */
#ifndef GPUTOP_RUN_H
#define GPUTOP_RUN_H

#include "feed.h"
#include "model.h"
#include "options.h"
#include "output.h"

struct run {
	const struct options *o;
	struct feed *feed;
	struct model model;
	struct view view;	/* what the model selects of the last frame */
	struct output *recorder;	/* NULL: no --record */
	int record_fd;
	uint64_t n_recorded;
	uint64_t n_frames;	/* shown so far */
};

/* Each of these returns an exit code, having said on standard error what went wrong. */

/* Opens feed and recording, and makes the model from the options. run_done() in any case. */
int run_init(struct run *r, const struct options *o);
void run_done(struct run *r);

/* A new frame: adds it to the recording. */
int run_frame(struct run *r);

/* Selects what the model wants of the last frame into r->view. */
int run_select(struct run *r);

/* True if the frames that were asked for have been shown. */
bool run_is_over(const struct run *r);

/* Frames as text or reports on standard output. */
int run_batch(struct run *r);

/* Frames on the terminal, keys from it. */
int run_interactive(struct run *r);

/* The devices of the first frame, a line each. */
int run_list_gpus(struct run *r);

/* What hinders gputop here; needs no feed. EXIT_FAILED where something does. */
int run_doctor(const struct options *o);

#endif
