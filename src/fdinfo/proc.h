/* SPDX-License-Identifier: MIT */
/*
 * Reading a procfs mount: list processes, list descriptors, read whole files, and count what that cost.
 * It does not know DRM.
 */
#ifndef GPUTOP_PROC_H
#define GPUTOP_PROC_H

#include <stdbool.h>
#include <sys/types.h>

#include "buf.h"
#include "frame.h"
#include "types.h"

struct proc {
	int fd;			/* the mount, O_PATH or O_RDONLY directory */
	bool is_own;		/* this machine's own /proc, pid namespace included */
	struct scan scan;	/* counted by every function below; whoever begins a pass zeroes it */
	struct buf dirents;	/* scratch of the listing functions */
};

/* @path: NULL is "/proc". Returns 0, or -errno of opening it; -ENOTDIR if it is no directory. */
int proc_init(struct proc *p, const char *path);
void proc_done(struct proc *p);

/*
 * Calls @each for every numbered entry of @p, in ascending order as the kernel gives it; stops when it
 * returns non-zero and returns that. Returns -errno if the directory cannot be read.
 */
int proc_each_pid(struct proc *p, int (*each)(void *arg, pid_t pid), void *arg);

/*
 * Calls @each for every numbered entry of the open directory @dirfd (a process' fd/ or fdinfo/), which
 * is read from its start. Same returns.
 */
int proc_each_fd(struct proc *p, int dirfd, int (*each)(void *arg, int fd), void *arg);

/*
 * The whole file @path below @dirfd into @ret, which is emptied first: any size, short reads and EINTR
 * included. Returns 0 or -errno: ENOENT and ESRCH mean gone, EACCES and EPERM denied.
 */
int proc_read_file(struct proc *p, int dirfd, const char *path, struct buf *ret);

/* True for the errors a vanished process or descriptor gives: ENOENT, ESRCH, and ENODEV (unplugged). */
bool proc_is_gone(int err);
/* True for EACCES and EPERM. */
bool proc_is_denied(int err);

/*
 * The character majors of DRM and its accelerators from /proc/devices of @p ("drm", "accel"), else 226
 * and 261. Writes at most @size of them and returns how many.
 */
size_t proc_gpu_majors(struct proc *p, unsigned int *ret, size_t size);

#endif
