/* SPDX-License-Identifier: MIT */
/*
 * When the next frame is due: on a schedule that does not drift, without bursts after a delay. It reads
 * no clock. Times are CLOCK_MONOTONIC in ns.
 */
#ifndef GPUTOP_PACE_H
#define GPUTOP_PACE_H

#include <stdint.h>

struct pace {
	uint64_t due_ns;
};

/* Due at once: at the start, and to go on after a pause. */
void pace_start(struct pace *p, uint64_t now_ns);

/*
 * The frame that was due has been taken; the next is due @interval_ns after the last one was. Those that
 * were missed meanwhile are left out: what remains keeps to the schedule. 0: at once.
 */
void pace_next(struct pace *p, uint64_t now_ns, uint64_t interval_ns);

/* Time left, 0 if due. */
uint64_t pace_left(const struct pace *p, uint64_t now_ns);

#endif
