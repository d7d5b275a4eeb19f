/* SPDX-License-Identifier: MIT */
/*
 * Facts about the few processes that hold a client: who, what, since when, in which control group.
 * It does not know descriptors or devices, and never looks at a process nobody asked for.
 */
#ifndef GPUTOP_PROCESS_H
#define GPUTOP_PROCESS_H

#include <sys/types.h>

#include "types.h"

/* Of more than so many only the nearest are known. */
#define PROCESS_MAX_ANCESTORS 32

/* Borrowed text; absent parts have ptr NULL. In a record it borrows from the record's text. */
struct process {
	pid_t pid;
	uint64_t start_time;	/* clock ticks since boot (proc_pid_stat(5)); with pid it names one process */
	uint64_t uid;		/* effective; UNKNOWN if it could not be read */
	struct str comm;	/* raw bytes, as the process set them */
	struct str cmdline;	/* arguments joined by spaces, raw bytes; empty for kernel threads and zombies */
	struct str user;	/* name, or the number as text where there is no name */
	struct str cgroup;	/* path */
	pid_t ancestors[PROCESS_MAX_ANCESTORS];	/* its parent first, as they were when that became its parent */
	size_t n_ancestors;
};

struct proc;
struct process_cache;

int process_cache_new(struct proc *proc, struct process_cache **ret);
void process_cache_free(struct process_cache *pc);

/*
 * The facts of @pid. /proc/<pid>/stat is read once per frame (new start time: another process; new
 * comm: it called exec; new parent: its ancestors are read again); the rest when the process is new, when it
 * called exec, and every 10 s of @t_ns, all of it from one and the same process. Where proc is this machine's /proc, libproc2 says
 * to whom a process belongs; the rest it cannot say byte for byte. Users' names come from NSS.
 * Returns 0 with @ret valid until process_cache_sweep() drops it, -ESRCH if the process is gone, or
 * another -errno. What may not be read is absent, not an error.
 */
int process_lookup(struct process_cache *pc, pid_t pid, uint64_t t_ns, const struct process **ret);

/* End of a frame: forgets the processes nobody looked up since the last sweep. */
void process_cache_sweep(struct process_cache *pc);

#endif
