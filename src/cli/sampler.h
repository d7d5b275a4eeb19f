/* SPDX-License-Identifier: MIT */
/*
 * A source that takes its time, in a process of its own: a pass can last as long as drivers make it, and
 * the program answers keys meanwhile. The process makes one pass each time it is asked, and answers in the
 * dialect of record.h. It has no clock, and ends when nobody can ask it any more.
 */
#ifndef GPUTOP_SAMPLER_H
#define GPUTOP_SAMPLER_H

#include "../fdinfo/source.h"

struct sampler;

/*
 * Starts the process that samples @s, which is the sampler's from then on (on error the caller's). 0 or
 * -errno.
 */
int sampler_new(struct source *s, struct sampler **ret);

/* Ends the process. NULL is fine. */
void sampler_free(struct sampler *p);

/* Asks for a frame; the last one must have come. 0 or -errno. */
int sampler_ask(struct sampler *p);

/* The frames as a source, whose descriptor is readable when something came. Borrowed. */
struct source *sampler_source(const struct sampler *p);

/*
 * After its stream ended: why, as an -errno of the pass, or -ECHILD if something else ended the process;
 * then @ret_signal is the signal, 0 if there was none.
 */
int sampler_end(struct sampler *p, int *ret_signal);

#endif
