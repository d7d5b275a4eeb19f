/* SPDX-License-Identifier: MIT */
/*
 * A device's list of clients as debugfs prints it (drivers/gpu/drm/drm_debugfs.c, clients). Its columns differ
 * from release to release; the first line names them. It does not know where the file is.
 */
#ifndef GPUTOP_DRM_DEBUGFS_H
#define GPUTOP_DRM_DEBUGFS_H

#include <sys/types.h>

#include "types.h"

/* Non-zero stops the reading and is what drm_debugfs_clients() returns. */
typedef int drm_debugfs_client(void *arg, pid_t pid);

/*
 * Calls @each with the process of every client in @text: a thread's number before Linux 6.5. Lines that make
 * no sense are counted in *@n_malformed. Returns 0, what @each returned, or -EINVAL: it is no such list.
 */
int drm_debugfs_clients(struct str text, drm_debugfs_client *each, void *arg, uint64_t *n_malformed);

#endif
