/* SPDX-License-Identifier: MIT */
/*
 * What a benchmark measured, as a table, as JSON, as a plot. It measures nothing.
 */
#ifndef GPUTOP_BENCH_REPORT_H
#define GPUTOP_BENCH_REPORT_H

#include "bench_frame.h"
#include "bench_run.h"

#define BENCH_MAX_SIZES 16

/* What was measured on a fleet of one size, or on the machine as it is. */
struct bench_size {
	size_t processes, fds, clients;	/* asked of the fleet; processes 0: there is none */
	struct bench_run run;
};

struct bench_result {
	size_t passes;
	uint64_t pace_ns;
	struct bench_size sizes[BENCH_MAX_SIZES];
	size_t n_sizes;
	struct frame_cost frame;	/* frames 0: not measured */
};

/* Errors stay in out->err. */
void bench_table_size(const struct bench_result *b, const struct bench_size *s, struct buf *out);
void bench_table_frame(const struct frame_cost *f, struct buf *out);
/* One object, schema "gputop-bench/1". Times in ns, ratios of medians of CPU time; null: not known. */
void bench_json(const struct bench_result *b, struct buf *out);
/* An SVG picture: CPU time of a steady pass against processes and against descriptors. */
void bench_plot(const struct bench_result *b, struct buf *out);

#endif
