/* SPDX-License-Identifier: MIT */
/*
 * A file of "name = value" lines below [sections], as inih takes it apart. All that is wrong is said, each with its
 * line. It knows no names.
 */
#ifndef GPUTOP_INI_FILE_H
#define GPUTOP_INI_FILE_H

#include <stddef.h>

#include "fdinfo/buf.h"

/* Takes a line; @section is "" before the first. 0, or -EINVAL with @why (of @size) saying what is wrong with it. */
typedef int ini_file_take(void *arg, const char *section, const char *name, const char *value, char *why,
			  size_t size);

/*
 * Gives the lines of @path to @take, also those after a wrong one. Returns 0, or -errno with lines added to @errors:
 * -EINVAL and "PATH:LINE: why" for each that is wrong, else also "PATH: why" of opening and reading it.
 */
int ini_file_read(const char *path, ini_file_take *take, void *arg, struct buf *errors);

#endif
