/* SPDX-License-Identifier: MIT */
/*
 * The file of what the user set up: options of the command line, a "name = value" a line. It is read when the
 * screen is opened, and written when the user says so. It knows no screen.
 */
#ifndef GPUTOP_RCFILE_H
#define GPUTOP_RCFILE_H

#include <stddef.h>

#include "model.h"
#include "options.h"

/* $GPUTOPRC, else gputop/gputoprc in $XDG_CONFIG_HOME or ~/.config. 0, or -ENOENT: there is no such place. */
int rcfile_path(char *ret, size_t size);

/*
 * Options as the file has them, into @ret, which is the default where there is no file. Returns 0, or -errno with
 * @error (of @size) saying file, line and what is wrong; then nothing in the file counts.
 */
int rcfile_read(const char *path, struct options *ret, char *error, size_t size);

/*
 * Replaces the file by what is chosen now, in one step; directories on the way to it are made. A link stays one.
 * What is there and no file (/dev/null) is left alone: -EINVAL.
 * 0 or -errno.
 */
int rcfile_write(const char *path, const struct model *m);

#endif
