/* SPDX-License-Identifier: MIT */
/*
 * An arm of the benchmark: one way to look at the machine, pass by pass, with what a pass cost and found.
 * It does not know the other arms, nor when a pass is due.
 */
#ifndef GPUTOP_BENCH_ARM_H
#define GPUTOP_BENCH_ARM_H

#include "../fdinfo/finder.h"
#include "fleet.h"

/* What all arms look at. Borrowed for an arm's life. */
struct arm_env {
	const char *proc;	/* NULL: "/proc" */
	const char *sys;	/* NULL: "/sys" */
	unsigned int majors[FINDER_MAX_MAJORS];
	size_t n_majors;
	uint64_t stale_ns;	/* as in struct finder_env */
	const struct fleet *fleet;	/* NULL: none */
};

/* What arms can be compared by. */
enum arm_sees {
	ARM_HOLDERS,		/* every holder */
	ARM_USAGES,		/* holders whose fdinfo names a DRM driver */
	ARM_NOTHING,		/* no holders: it does something else */
};

struct arm_pass {
	uint64_t start_ns;	/* CLOCK_MONOTONIC */
	uint64_t wall_ns, cpu_ns;
	uint64_t faults;	/* minor page faults */
	uint64_t holders;	/* found: of the fleet, where there is one */
	uint64_t usages;	/* of these, whose text names a DRM driver */
	struct scan scan;	/* counts alone; syscalls only where is_counted */
};

struct arm_ops {
	const char *name;
	const char *help;
	enum arm_sees sees;
	bool is_counted;	/* it counts its system calls */
	bool has_cold;		/* its first pass differs from the others */
	/* @name: a finder's, for the arms of finders. 0 with @ret (the ops' own state), or -errno. */
	int (*open)(const struct arm_env *env, const char *name, void **ret);
	/* Fills in what it found and counted. 0 or -errno. */
	int (*pass)(void *state, struct arm_pass *ret);
	void (*close)(void *state);
};

struct arm {
	const struct arm_ops *ops;
	const char *name;	/* of the finder, else ops->name */
	enum arm_sees sees;
	void *state;		/* NULL: not open */
};

extern const struct arm_ops arm_finder;		/* a finder, the texts of its holders included */
extern const struct arm_ops arm_gputop;		/* all that gputop does but writing to the terminal */
extern const struct arm_ops arm_naive;		/* every fdinfo with stdio */
extern const struct arm_ops arm_top;		/* what top(1) reads in a refresh, with libproc2 */

int arm_open(struct arm *a, const struct arm_env *env);
void arm_close(struct arm *a);	/* fine if it is not open */

/* One measured pass. 0 or -errno. */
int arm_pass(struct arm *a, struct arm_pass *ret);

/* A first pass: opens, looks and closes, of which closing is not measured. @a is not open. */
int arm_cold_pass(struct arm *a, const struct arm_env *env, struct arm_pass *ret);

/* Counts a holder an arm found into @ret. */
void arm_count(const struct arm_env *env, pid_t pid, struct str text, struct arm_pass *ret);

#endif
