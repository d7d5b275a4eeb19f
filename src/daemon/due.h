/* SPDX-License-Identifier: MIT */
/*
 * Whether it is time for something that wants a frame every so often, where frames come at an interval of
 * their own. It reads no clock. Times are CLOCK_MONOTONIC in ns.
 */
#ifndef GPUTOPD_DUE_H
#define GPUTOPD_DUE_H

#include <stdbool.h>
#include <stdint.h>

/* Zero-initialised is due. */
struct due {
	uint64_t at_ns;
};

/*
 * True if the frame of @now_ns is one to take; then the next is due @interval_ns after this one was, so
 * that the schedule does not drift, and those that were missed are left out. A frame that comes less than
 * half of @frame_ns, the time between frames, too early is the nearest there is. @interval_ns 0: every frame.
 */
static inline bool due_take(struct due *d, uint64_t now_ns, uint64_t interval_ns, uint64_t frame_ns)
{
	if (now_ns + frame_ns / 2 < d->at_ns)
		return false;
	d->at_ns += interval_ns;
	if (d->at_ns <= now_ns)
		d->at_ns = now_ns + interval_ns;
	return true;
}

#endif
