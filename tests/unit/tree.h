/* SPDX-License-Identifier: MIT */
/* Files below a directory that a test makes for itself. Paths begin at that root; their directories are made. */
#ifndef GPUTOP_TREE_H
#define GPUTOP_TREE_H

#include <stddef.h>

/* An empty one that other users may read, its path in @ret. */
void tree_make(char ret[static 64]);

/* Makes or replaces a file. */
void tree_write(const char *root, const char *path, const void *bytes, size_t len);
void tree_link(const char *root, const char *path, const char *target);

/* With all that is in it; "": the whole tree. */
void tree_remove(const char *root, const char *path);

#endif
