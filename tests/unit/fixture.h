/* SPDX-License-Identifier: MIT */
/* The captured fdinfo texts of tests/data/fdinfo, one per driver and kernel, each with a golden file. */
#ifndef GPUTOP_FIXTURE_H
#define GPUTOP_FIXTURE_H

#include "fdinfo/buf.h"

#define N_FIXTURES 19

struct fixture {
	char path[512];		/* of the text; its golden file is path + ".golden" */
	struct buf text;
};

/* All N_FIXTURES of them by name; fails the test if one is missing. */
void fixtures_read(struct fixture fixtures[static N_FIXTURES]);
void fixtures_done(struct fixture fixtures[static N_FIXTURES]);

/* The fixture called @name, "amdgpu-6.1"; fails the test if there is none. */
struct str fixture_find(const struct fixture fixtures[static N_FIXTURES], const char *name);

/* Appends a whole file; fails the test if that cannot be done. */
void file_read(const char *path, struct buf *ret);

#endif
