/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The text of /proc/<pid>/gpu and /proc/gpu: a seq_file with one record per DRM
 * client, in the fdinfo dialect that README.md describes.  Does not know how
 * the files came to be in /proc.
 */
#ifndef GPUTOP_PROC_WALK_H
#define GPUTOP_PROC_WALK_H

struct file;
struct inode;
struct pid;

/* Finds what the walk needs; symbols_init() comes first.  0 or a negative error. */
int walk_init(void);

/*
 * Makes @file a seq_file over the clients that the descriptors of @pid refer
 * to, or over every client of the machine where @pid is NULL.  Takes its own
 * reference to @pid.  0 or -ENOMEM.
 *
 * Reads see what the opener may see under PTRACE_MODE_READ_FSCREDS, asked anew
 * by each read: a process that is out of reach fails with -EACCES, a client of
 * one is left out of the list and counted in the last record.
 */
int walk_open(struct file *file, struct pid *pid);

/* The release that belongs to walk_open(). */
int walk_release(struct inode *inode, struct file *file);

#endif
