/* SPDX-License-Identifier: MIT */
/*
 * What is done with the texts of a frame: parsing them, counting, ordering, drawing a screen, and metrics of
 * them; measured with made-up clients. Nothing of the machine is looked at.
 */
#ifndef GPUTOP_BENCH_FRAME_H
#define GPUTOP_BENCH_FRAME_H

#include <stddef.h>
#include <stdint.h>

struct frame_cost {
	size_t clients, frames;
	uint64_t parse_ns, table_ns;		/* a record: median of the frames */
	uint64_t select_ns, draw_ns;		/* a frame: median; filter and order, layout and cells */
	uint64_t frame_ns, frame_p10_ns, frame_p90_ns;	/* all of that */
	uint64_t metrics_ns;	/* a frame: median; totals, and OpenMetrics with series of each client */
};

/* 0 or -ENOMEM. */
int bench_frame(size_t clients, size_t frames, struct frame_cost *ret);

#endif
