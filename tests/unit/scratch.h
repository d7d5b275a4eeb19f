/* SPDX-License-Identifier: MIT */
/* A directory that a test program has for itself. */
#ifndef GPUTOP_SCRATCH_H
#define GPUTOP_SCRATCH_H

/* The group's setup and teardown: makes it, removes it with all that is in it. */
int scratch_begin(void **state);
int scratch_end(void **state);

/* The path of @name in it; valid until the next call. */
const char *scratch_path(const char *name);

/* Makes or replaces the file @name. */
void scratch_write(const char *name, const char *text);

#endif
