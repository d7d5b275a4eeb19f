/* SPDX-License-Identifier: MIT */
/*
 * Small attributes and links of sysfs directories. It does not know what they mean.
 */
#ifndef GPUTOP_SYSFS_H
#define GPUTOP_SYSFS_H

#include <stddef.h>

/*
 * The first line of the attribute @dir/@name into @ret with a NUL; what exceeds @size is dropped.
 * Returns 0 or -errno; @ret is "" on error.
 */
int sysfs_read(const char *dir, const char *name, char *ret, size_t size);

/*
 * The last component of where the link @dir/@name points: "amdgpu" for driver. 0 or -errno; @ret is
 * "" on error, which -ENAMETOOLONG for a name that does not fit also is.
 */
int sysfs_link(const char *dir, const char *name, char *ret, size_t size);

#endif
