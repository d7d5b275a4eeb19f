/* SPDX-License-Identifier: MIT */
/*
 * A file of "name = value" lines below [sections], as inih takes it apart. What is wrong is said with its line, and of
 * several faults the first. It knows no names.
 */
#ifndef GPUTOP_INI_FILE_H
#define GPUTOP_INI_FILE_H

#include <stddef.h>

/* Takes a line; @section is "" before the first. 0, or -EINVAL with @why (of @size) saying what is wrong with it. */
typedef int ini_file_take(void *arg, const char *section, const char *name, const char *value, char *why,
			  size_t size);

/*
 * Gives the lines of @path to @take until one is wrong. Returns 0, or -errno with @error (of @size): -EINVAL and
 * "PATH:LINE: why" for what the file says, else "PATH: why" of opening and reading it.
 */
int ini_file_read(const char *path, ini_file_take *take, void *arg, char *error, size_t size);

#endif
