/* SPDX-License-Identifier: MIT */
/*
 * Finders: the ways to find who holds a GPU device file. All of them yield the same holders on the
 * same machine; they differ in cost and in the rights they need. They do not know clients or counters.
 */
#ifndef GPUTOP_FINDER_H
#define GPUTOP_FINDER_H

#include <sys/types.h>

#include "device.h"
#include "proc.h"
#include "types.h"

/* A (pid, fd) that refers to a GPU device file. */
struct holder {
	pid_t pid;
	int fd;
	dev_t rdev;		/* of the node; 0 where the finder does not learn it */
	struct str text;	/* the fdinfo, where the finder has read it anyway; borrowed for the call.
				 * absent: the source reads it */
	uint64_t t_ns;		/* CLOCK_MONOTONIC when text was read */
};

/* Non-zero stops the pass and is what finder_find() returns. */
typedef int finder_emit(void *arg, const struct holder *h);

#define FINDER_MAX_MAJORS 8

/* What every finder is given. Borrowed for the finder's life. */
struct finder_env {
	struct proc *proc;		/* counts the cost in proc->scan */
	const struct devices *devices;	/* whose nodes sleep: their fdinfo is not read */
	unsigned int majors[FINDER_MAX_MAJORS];
	size_t n_majors;
};

struct finder;

struct finder_ops {
	const char *name;
	const char *help;	/* one line: how it finds and what it needs */
	/* 0 with @ret (the ops' own state, may be NULL), or -errno why it cannot work here. */
	int (*open)(const struct finder_env *env, void **ret);
	int (*find)(void *state, const struct finder_env *env, finder_emit *emit, void *arg);
	void (*close)(void *state);
};

/* Every finder, cheapest to trust first; NULL-terminated. */
extern const struct finder_ops *const finders[];

/* Opens the finder called @name; "auto" is the first of finders[] that opens. -ENOENT: no such name. */
int finder_new(const char *name, const struct finder_env *env, struct finder **ret);
void finder_free(struct finder *f);

/* The name of what was opened: never "auto". Static. */
const char *finder_name(const struct finder *f);

/*
 * One pass: emits each holder once, grouped by process. Vanished processes and denied ones are counted
 * in env->proc->scan and are no error. Returns 0, what emit returned, or -errno of /proc itself.
 */
int finder_find(struct finder *f, finder_emit *emit, void *arg);

/* True if @rdev has one of env's majors. */
int finder_env_has_major(const struct finder_env *env, dev_t rdev);

#endif
