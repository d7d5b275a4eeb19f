/* SPDX-License-Identifier: MIT */
/*
 * To whom a process belongs: a part of process.c. libproc2 says so where it speaks of the same
 * /proc, the status file elsewhere.
 */
#ifndef GPUTOP_PROCESS_OWNER_H
#define GPUTOP_PROCESS_OWNER_H

#include <sys/types.h>

#include "buf.h"

struct proc;
struct owners;

/* 0 or -ENOMEM. Borrows @proc. */
int owners_new(struct proc *proc, struct owners **ret);
void owners_free(struct owners *o);

/*
 * The effective uid of the process @pid that began at @start_time and whose directory is @dirfd,
 * into @uid: UNKNOWN if it may not be read. Its name, or the number as text, into @name, which is
 * left alone where @uid already was right and is emptied where it is UNKNOWN.
 * Returns 0, -ENOMEM, or -ESRCH if that process is gone.
 */
int owners_read(struct owners *o, pid_t pid, uint64_t start_time, int dirfd, uint64_t *uid,
		struct buf *name);

#endif
