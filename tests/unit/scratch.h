/* SPDX-License-Identifier: MIT */
/* The one tree (tree.h) of a test program that needs no more, made for a group or for each test. */
#ifndef GPUTOP_SCRATCH_H
#define GPUTOP_SCRATCH_H

/* Setup and teardown: makes it, removes it with all that is in it. */
int scratch_begin(void **state);
int scratch_end(void **state);

const char *scratch_root(void);

/* The path of @name in it; valid until the next call. */
const char *scratch_path(const char *name);

/* Makes or replaces the file @name. */
void scratch_write(const char *name, const char *text);
void scratch_link(const char *name, const char *target);
void scratch_remove(const char *name);

#endif
