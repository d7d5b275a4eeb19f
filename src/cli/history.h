/* SPDX-License-Identifier: MIT */
/*
 * What devices and clients did in the last frames: numbers copied from each snapshot, for plots. It knows
 * neither clocks nor the screen.
 *
 * A subject (a device or a client) has tracks: one per engine with its busy share (1: the whole engine), then
 * those of memory in bytes: one per region of a device, one for all memory of a client. A sample that is not
 * known, and the time before and after a client lived, is NAN. All tracks share their times.
 *
 * Memory is bounded by the number of clients that live at the same time: of those that exited at most
 * HISTORY_MAX_GONE are kept (the last ones; of a whole recording those that used most), and none for longer
 * than the samples last. With 2000 clients of 5 engines and HISTORY_SAMPLES that is about 12 MB. Of what would have
 * more than HISTORY_MAX_TRACKS, those that come last have fewer, or none.
 */
#ifndef GPUTOP_HISTORY_H
#define GPUTOP_HISTORY_H

#include <stdbool.h>

#include "../fdinfo/snapshot.h"

#define HISTORY_SAMPLES 240	/* 4 minutes of seconds */
#define HISTORY_MAX_GONE 256
#define HISTORY_MAX_TRACKS 65536

struct history;

struct track {
	char name[24];		/* of the engine or region; "memory" */
	float *values;		/* read by history_at() */
};

struct history_subject {
	char name[96];		/* for a person: the device, or process and command of a client */
	struct track *tracks;
	size_t n_engines;	/* the first ones */
	size_t n_tracks;
	double busy_ns;			/* of a client: time on engines in the frames taken */
};

/*
 * One that keeps the last @samples frames. With @whole it keeps all of them: where there are more than
 * @samples, two and two become one, their mean. @samples: even, at least 2. 0 or -ENOMEM.
 */
int history_new(size_t samples, bool whole, struct history **ret);

/* NULL is fine. */
void history_free(struct history *h);

/* Nothing is remembered, and all memory is kept: the next frame is another table's. */
void history_forget(struct history *h);

/*
 * Takes the next frame. A frame older than the last one (a recording of two machines) begins a new history.
 * Allocates only for what it has not seen before. 0 or -ENOMEM.
 */
int history_take(struct history *h, const struct snapshot *s);

/* Samples there are. */
size_t history_length(const struct history *h);

/* When the sample of @age (0: the last one) ended, as frame.t_ns; @age < history_length(). */
uint64_t history_t_ns(const struct history *h, size_t age);

/* frame.t_ns of the first frame of all; UNKNOWN before it. */
uint64_t history_start_ns(const struct history *h);

/* NAN if unknown, and for an @age there is no sample of. */
double history_at(const struct history *h, const struct track *t, size_t age);

/* NULL if there is nothing of it. Valid until the next history_take(). */
const struct history_subject *history_device(const struct history *h, const char *gpu);
const struct history_subject *history_client(const struct history *h, const struct client_key *k);

/* Every device or client there is something of, by @i from 0; NULL at the end. */
const struct history_subject *history_device_at(const struct history *h, size_t i);
const struct history_subject *history_client_at(const struct history *h, size_t i);

#endif
