/* SPDX-License-Identifier: MIT */
/*
 * Reading a procfs mount: list processes, list descriptors, read whole files, and count what that cost.
 * It does not know what a GPU is but for its majors.
 */
#ifndef GPUTOP_PROC_H
#define GPUTOP_PROC_H

#include <stdbool.h>
#include <sys/types.h>

#include "buf.h"
#include "frame.h"
#include "types.h"

/* include/drm/drm_ioctl.h and drm_accel.h; also in Documentation/admin-guide/devices.txt. */
#define PROC_DRM_MAJOR 226
#define PROC_ACCEL_MAJOR 261

struct proc {
	int fd;			/* the mount, a directory open for reading */
	bool is_own;		/* the /proc of this very process, pid namespace included */
	bool has_fd_counts;	/* st_size of <pid>/fd is its number of descriptors (Linux 6.2) */
	ino_t ino;		/* of the entry a listing function is at; of a process: other than before when
				 * its number was reused */
	struct scan scan;	/* counted by every function below; whoever begins a pass zeroes it */
	struct buf pid_dirents;	/* scratch of the listing functions, one each so that they nest */
	struct buf fd_dirents;
};

/* @number is @name as a number: decimal, without leading zeroes, at most INT_MAX. */
typedef int proc_each(void *arg, int number, const char *name);

/* @path: NULL is "/proc". Returns 0, or -errno of opening it; -ENOTDIR if it is no directory. */
int proc_init(struct proc *p, const char *path);
void proc_done(struct proc *p);

/*
 * Calls @each for every process of @p, in the kernel's order, which is ascending; stops when it returns
 * non-zero and returns that. Returns -errno if the directory cannot be read. Does not nest in itself.
 */
int proc_each_pid(struct proc *p, proc_each *each, void *arg);

/*
 * The same for the next @max processes (1 or more) from *@position on (0: the first), which becomes where to go on, and
 * 0 again after the last.
 */
int proc_each_pid_from(struct proc *p, int64_t *position, size_t max, proc_each *each, void *arg);

/*
 * Calls @each for every numbered entry of @dirfd, which was just opened: a process' fd/ or fdinfo/.
 * Same returns. Does not nest in itself.
 */
int proc_each_fd(struct proc *p, int dirfd, proc_each *each, void *arg);

/*
 * Opens the directory @path below @dirfd. Returns a descriptor for proc_close(), or -errno.
 * What is opened below a process' directory later is of that very process, or fails: the number may
 * be reused meanwhile, the directory is not.
 */
int proc_open_dir(struct proc *p, int dirfd, const char *path);
void proc_close(struct proc *p, int fd);

/*
 * The whole file @path below @dirfd into @ret, which is emptied first: any size up to 16 MiB (-EFBIG),
 * short reads and EINTR included. Returns 0 or -errno.
 */
int proc_read_file(struct proc *p, int dirfd, const char *path, struct buf *ret);

/* The same for a file that is open, from its beginning. */
int proc_reread(struct proc *p, int fd, struct buf *ret);

/* True for the errors a vanished process or descriptor gives: ENOENT, ESRCH, and ENODEV (unplugged). */
bool proc_is_gone(int err);
/* True for EACCES and EPERM. */
bool proc_is_denied(int err);
/* True for what this process has too little of, ENOMEM, EMFILE, ENFILE: it says nothing of what was asked. */
bool proc_is_exhausted(int err);

/*
 * The character majors of DRM and its accelerators from /proc/devices of @p ("drm", "accel"); for one
 * that is not there (yet), its assigned number. Writes at most @size of them and returns how many.
 */
size_t proc_gpu_majors(struct proc *p, unsigned int *ret, size_t size);

#endif
