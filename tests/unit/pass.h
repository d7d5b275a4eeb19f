/* SPDX-License-Identifier: MIT */
/*
 * One pass of a finder and what it found, to compare and to look into; with devices that sleep when a
 * test says so.
 */
#ifndef GPUTOP_PASS_H
#define GPUTOP_PASS_H

#include <stddef.h>
#include <sys/types.h>

#include "fdinfo/finder.h"

/* A finder asks of the devices only which of them sleep; this stands for the real list. */
struct devices {
	struct device list[1];
	size_t n;
};

/* Without a byte that nobody set: two passes are compared as memory. */
struct found {
	pid_t pid;
	int fd;
	dev_t rdev;
	bool is_sharer;
	size_t text_len;
	char text[2048];	/* its beginning */
};

#define PASS_MAX 512

struct pass {
	struct found found[PASS_MAX];	/* by pid and fd */
	size_t n;
	size_t n_more;			/* for which there was no room */
	uint64_t last_ns;		/* of the last holder */
	int stop;			/* what the emit returns */
	int ret;
	struct scan scan;
};

/* A finder_emit. */
int pass_keep(void *arg, const struct holder *h);

/* One pass of the finder @name over @root, all new. */
void pass_run(struct pass *pass, const char *name, const char *root, const struct devices *devices,
	      unsigned int major);

const struct found *pass_find(const struct pass *pass, pid_t pid, int fd);
size_t pass_count(const struct pass *pass, pid_t pid);
size_t pass_count_sharers(const struct pass *pass);

/* Exactly the @n holders that follow, pairs of pid and fd in any order. */
void pass_expect(const struct pass *pass, size_t n, ...);

#endif
