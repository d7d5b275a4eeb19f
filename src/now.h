/* SPDX-License-Identifier: MIT */
/*
 * The clocks, in ns. They do not know what is measured.
 */
#ifndef GPUTOP_NOW_H
#define GPUTOP_NOW_H

#include <time.h>

#include "fdinfo/types.h"

static inline uint64_t clock_ns(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (uint64_t)t.tv_sec * NSEC_PER_SEC + (uint64_t)t.tv_nsec;
}

/* CLOCK_MONOTONIC, as all times that are compared. */
static inline uint64_t now_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

#endif
