/* SPDX-License-Identifier: MIT */
/*
 * Files and directories of procfs that stay open from pass to pass, because asking an open one again
 * costs a fraction of opening it. It does not know what they say.
 *
 * A descriptor held on something of a process is of that very process for ever: once it is gone, or the
 * descriptor it describes is closed, reading gives ENOENT or ESRCH. A held fdinfo describes a *number*,
 * though: whatever the process opens there next is what it shows then, so that only the text itself
 * (drm-client-id, drm-driver, drm-pdev, flags) tells whether it still is the same client.
 */
#ifndef GPUTOP_HELD_H
#define GPUTOP_HELD_H

#include "proc.h"

/* How many descriptors are held and may be: RLIMIT_NOFILE less a reserve for everything else in this program. */
struct held {
	size_t n;
	size_t max;
	size_t first_spare;	/* this number and those above it are left to others */
};

#define HELD_NONE (-1)

/* Nothing held yet; as many may be as the soft limit allows now. */
void held_init(struct held *h);

/*
 * Opens @path below @dirfd to be held: @flags are O_PATH, O_DIRECTORY, ...; the rest is added. @ret is
 * HELD_NONE if there is no descriptor left for it, which is no error: it has to be opened whenever it
 * is needed. Returns 0 or -errno.
 */
int held_open(struct held *h, struct proc *p, int dirfd, const char *path, int flags, int *ret);

/* Closes @fd and makes it HELD_NONE, which it may be already. */
void held_close(struct held *h, struct proc *p, int *fd);

/*
 * The whole of the held file @fd as it is now into @ret, which is emptied first: one pread(2) once
 * @ret has grown to its size. Returns 0 or -errno as proc_read_file().
 */
int held_read(struct proc *p, int fd, struct buf *ret);

#endif
