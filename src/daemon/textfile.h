/* SPDX-License-Identifier: MIT */
/*
 * A file that readers find whole at any moment: the old one or the new one. It does not know what is in it.
 */
#ifndef GPUTOPD_TEXTFILE_H
#define GPUTOPD_TEXTFILE_H

#include <stddef.h>

/*
 * Replaces @path, mode 0644: writes PATH.new beside it and renames that. (Readers of a directory take files by
 * their suffix: it is not .prom.) What an earlier run left there is removed. Returns 0, or -errno with
 * the old file as it was. Not synced to disk: what it says is about now.
 */
int textfile_replace(const char *path, const char *bytes, size_t len);

#endif
