/* SPDX-License-Identifier: MIT */
/*
 * The frames a program run shows: this machine or a recording, folded into a table, at their pace. It does
 * not know who shows them.
 */
#ifndef GPUTOP_FEED_H
#define GPUTOP_FEED_H

#include "../fdinfo/source.h"
#include "options.h"

struct feed;
struct stat;

/*
 * Opens what @o asks for. Returns 0, or -errno with @error (of @size) saying what could not be opened and
 * why.
 */
int feed_new(const struct options *o, struct feed **ret, char *error, size_t size);
void feed_free(struct feed *f);

/* How long to wait, UINT64_MAX: until feed_fd() is readable. Waiting is the caller's. */
uint64_t feed_wait_ns(const struct feed *f);

/* The descriptor that data comes from; -1: none, only time matters. */
int feed_fd(const struct feed *f);

/* Descriptors that have no data make feed_next() wait; after this it returns -EAGAIN instead. */
int feed_set_nonblocking(struct feed *f);

/* The next frame is due now. */
void feed_hurry(struct feed *f);

/* Time between frames of this machine, or at which a recording is played. 0; -EOPNOTSUPP: gputopd has its own. */
int feed_set_delay(struct feed *f, uint64_t delay_ns);

/* A recording is played so many times as fast. */
void feed_set_speed(struct feed *f, double speed);

/* Frames taken since the start (of a recording). */
uint64_t feed_position(const struct feed *f);

/*
 * Frames come without delay until the one is there that is @by frames on, or back: from the start again if that
 * is behind, so that what frames add up to does not depend on the way to them. Steps that are asked for on the way
 * add up. 0; -ESPIPE: this source has no way back.
 */
int feed_step(struct feed *f, int64_t by);

/* The same for the first frame at this share (0..1) of the recording's time; -ENODATA: it has no end. */
int feed_seek(struct feed *f, double share);

/* The way is left where it is, at the first frame that there is. */
void feed_stay(struct feed *f);

/* @st is of the file that frames are read from. */
bool feed_reads(const struct feed *f, const struct stat *st);

/* The frames are a daemon's. */
bool feed_is_daemon(const struct feed *f);

/*
 * For how many seconds a daemon has not been heard of, where that is longer than it should be; 0: all is well. On the
 * screen one that ended is looked for every second until it is back.
 */
unsigned int feed_silence_s(const struct feed *f);

/* True until that frame is there, or the end. */
bool feed_is_seeking(const struct feed *f);

/* How much of the recording's time has passed, 0..1; NAN if that is not known. */
double feed_share(const struct feed *f);

/*
 * Takes the next frame. Returns 1 if there is one, 0 at the end of a recording, -EAGAIN, or another -errno
 * with @error as above.
 */
int feed_next(struct feed *f, char *error, size_t size);

/* The last frame, until the next feed_next(); before the first an empty one. */
const struct snapshot *feed_snapshot(const struct feed *f);

/*
 * True if the last frame shows that this machine has neither a GPU device nor a driver for one. An idle
 * GPU, and one behind a driver that registered only its major, are there.
 */
bool feed_has_no_gpu(const struct feed *f);

#endif
