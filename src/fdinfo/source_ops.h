/* SPDX-License-Identifier: MIT */
/*
 * What a kind of source must provide. Private to source*.c; everybody else includes source.h.
 */
#ifndef GPUTOP_SOURCE_OPS_H
#define GPUTOP_SOURCE_OPS_H

#include "source.h"

struct source_ops {
	/* source_next() and source_free(), with the same contracts; @s is never NULL */
	int (*next)(struct source *s, struct table *t);
	void (*free)(struct source *s);
};

/* The head of every kind of source: the first member of its own struct. */
struct source {
	const struct source_ops *ops;
	int fd;			/* what source_fd() gives: -1 where there is nothing to wait for */
};

#endif
