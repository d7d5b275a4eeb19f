/* SPDX-License-Identifier: MIT */
/*
 * The clock of the programs. It does not know what is measured.
 */
#ifndef GPUTOP_NOW_H
#define GPUTOP_NOW_H

#include <stdint.h>
#include <time.h>

/* CLOCK_MONOTONIC in ns. */
static inline uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

#endif
