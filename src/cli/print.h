/* SPDX-License-Identifier: MIT */
/*
 * A text that is done, onto standard output or into a file. It does not know what it says.
 */
#ifndef GPUTOP_PRINT_H
#define GPUTOP_PRINT_H

#include "../fdinfo/buf.h"

/*
 * These return an exit code, having said on standard error what went wrong, text->err included. A reader of
 * standard output that went away is none.
 */
int print(const struct buf *text);

/* @path "-": standard output. @option, such as "--svg", comes before the path in what is said. */
int print_to(const struct buf *text, const char *path, const char *option);

#endif
