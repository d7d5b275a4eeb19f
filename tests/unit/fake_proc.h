/* SPDX-License-Identifier: MIT */
/*
 * A tree of files that looks like /proc, made without privilege. A descriptor is a symlink to any file,
 * usually a character device that exists everywhere: /dev/null is 1:3, /dev/zero 1:5.
 */
#ifndef GPUTOP_FAKE_PROC_H
#define GPUTOP_FAKE_PROC_H

#include <stddef.h>
#include <sys/types.h>

struct fake_proc {
	char root[64];
};

/* What fdinfo shows of a descriptor that is nobody's client. */
#define FAKE_NO_USAGE "pos:\t0\nflags:\t0100002\nmnt_id:\t26\nino:\t301\n"

void fake_proc_init(struct fake_proc *fp);
void fake_proc_done(struct fake_proc *fp);

/* A process without descriptors: fd/, fdinfo/, stat, status, cmdline, cgroup. */
void fake_proc_add(struct fake_proc *fp, pid_t pid, const char *comm, unsigned long start_time);
void fake_proc_remove(struct fake_proc *fp, pid_t pid);

/* Descriptor @fd: refers to @target; its fdinfo is @text, FAKE_NO_USAGE if NULL. */
void fake_proc_fd(struct fake_proc *fp, pid_t pid, int fd, const char *target, const char *text);
void fake_proc_close(struct fake_proc *fp, pid_t pid, int fd);

/* Writes the file @path below the root, makes its directories. */
void fake_proc_write(struct fake_proc *fp, const char *path, const void *bytes, size_t len);

#endif
