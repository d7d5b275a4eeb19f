/* SPDX-License-Identifier: MIT */
/*
 * Passes of all arms in turn, at a pace, and what they cost. It does not know how an arm looks or how the
 * numbers are shown.
 *
 * Interleaved, so that what else the machine does falls on all alike. At a pace, each round begins when it
 * is due; arms that take less than a quarter of it run in every round, so that what they do by the clock (the
 * share that the cached finder looks at anew) is what it would be for a program that runs once in that
 * time. The others fill up the rounds in turn. A light pass that came late, because a heavy one took longer
 * than the pace, is done but not counted.
 */
#ifndef GPUTOP_BENCH_RUN_H
#define GPUTOP_BENCH_RUN_H

#include "bench_arm.h"

#define BENCH_MAX_ARMS 24
#define BENCH_MAX_PASSES 100000

struct samples {
	uint64_t *wall_ns, *cpu_ns;	/* size of them each; ascending once the run is over */
	size_t n, size;
};

struct bench_arm {
	struct arm arm;
	int error;		/* -errno: why it does not work here; nothing else is set then */
	struct samples steady;
	struct samples cold;	/* none where the arm has no such thing */
	struct arm_pass last;	/* steady */
	uint64_t syscalls[N_SYSCALL_KINDS];	/* of all steady passes */
	uint64_t faults, processes, fds;	/* the same */
	size_t n_late;		/* passes not counted */
	size_t n_differing;	/* passes, of n_compared, that found other holders than there are */
	size_t n_compared;
	uint64_t due_ns, estimate_ns;	/* when it ran last, what it takes */
	bool is_heavy;
};

struct bench_run {
	struct bench_arm arms[BENCH_MAX_ARMS];
	size_t n_arms;
	struct bench_arm again;	/* stat once more: two arms that do the same differ by noise only */
	struct arm_pass truth;	/* holders: of stat, before the run; processes, fds: mean of its passes */
	double drift;		/* how much the descriptors of the machine became more or fewer: 0.02: 2 % */
	bool is_moving;		/* holders came or went during the run */
	uint64_t wall_ns;	/* the run took */
};

struct bench_plan {
	struct arm_env env;
	size_t clients;		/* of env.fleet: so many holders there are */
	size_t passes;
	uint64_t pace_ns;	/* 0: as fast as it goes */
	void (*progress)(void *arg, size_t done, size_t all);	/* passes */
	void *arg;
};

/*
 * Adds an arm: a finder or one of the others by name. -ENOENT: no such arm; -E2BIG. Without any added,
 * bench_run() adds all.
 */
int bench_run_add(struct bench_run *r, const char *name);

/*
 * Runs. An arm that does not open has its error set and is left out. Returns 0 or -errno: of stat, of a
 * pass, -ENOMEM. bench_run_done() in any case.
 */
int bench_run(struct bench_run *r, const struct bench_plan *plan);
void bench_run_done(struct bench_run *r);

/*
 * True if the arm found what there is: with a fleet in every pass; on a machine where processes come and
 * go, in most, or something moved.
 */
bool bench_arm_agrees(const struct bench_run *r, const struct bench_arm *a, bool has_fleet);

/* The @percent-th of sorted values, @n > 0. */
uint64_t percentile(const uint64_t *values, size_t n, unsigned int percent);

/* How much the medians of the two stat arms differ (0.02: 2 %), NAN without them. */
double bench_noise(const struct bench_run *r);
/* p90 over p10 of stat's passes, NAN without them. */
double bench_spread(const struct bench_run *r);
/* Neither they nor the drift is so large that the numbers would say little. */
bool bench_is_quiet(const struct bench_run *r);

#endif
