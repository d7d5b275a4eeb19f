/* SPDX-License-Identifier: MIT */
/*
 * Takes samples of this machine on an absolute schedule and keeps what they add up to. It does not know
 * who wants them.
 */
#ifndef GPUTOPD_SAMPLER_H
#define GPUTOPD_SAMPLER_H

#include "../report/totals.h"
#include "settings.h"

struct event_base;
struct sampler;

/* After each sample; @err: 0, or -errno why there is none this time. */
typedef void sampler_frame(void *arg, int err);

/*
 * Samples from the moment the loop of @base runs. @s: read now and not kept. 0, or -errno with @why (of
 * @size) saying what could not be opened.
 */
int sampler_new(struct event_base *base, const struct settings *s, sampler_frame *frame, void *arg,
		struct sampler **ret, char *why, size_t size);
void sampler_free(struct sampler *s);

/*
 * A sample each @interval_ns of CLOCK_MONOTONIC from now on, the first at once. Sampling that takes longer
 * leaves out the samples it missed; the schedule stays. 0 or -errno.
 */
int sampler_set_interval(struct sampler *s, uint64_t interval_ns);

/* The last sample; NULL before the first and after one that failed. Valid until the next. */
const struct snapshot *sampler_snapshot(const struct sampler *s);

/* What was used since the start, also by clients that exited. */
struct totals *sampler_totals(struct sampler *s);

/* Samples that were left out so far. */
uint64_t sampler_missed(const struct sampler *s);

#endif
