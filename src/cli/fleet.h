/* SPDX-License-Identifier: MIT */
/*
 * Idle processes with descriptors of mixed kinds, some of them clients of a device: a machine of a known
 * size to measure on. It does not know what is measured.
 */
#ifndef GPUTOP_FLEET_H
#define GPUTOP_FLEET_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define FLEET_MAX_PROCESSES 100000
#define FLEET_MAX_FDS 4096

struct fleet_options {
	size_t processes;
	size_t fds;		/* of each process: files, sockets, pipes, eventfds, ... in turn */
	size_t clients;		/* spread over the processes: each opens a node, in place of such a descriptor */
	const char *const *nodes;	/* device nodes, opened in turn; character devices */
	size_t n_nodes;
};

struct fleet;

/*
 * Forks them and returns when each has all its descriptors. They hold nothing else, do nothing, and die
 * with the calling thread, however it ends. Fork before growing: they share what is there. Returns 0, or
 * -errno: of fork(2), or what stopped a process from opening its descriptors; -EINVAL: more than a process
 * may have, or more clients than descriptors.
 */
int fleet_new(const struct fleet_options *o, struct fleet **ret);

/* Kills and reaps all of them. NULL is fine. */
void fleet_free(struct fleet *f);

/* True if @pid is one of them. */
bool fleet_has(const struct fleet *f, pid_t pid);

#endif
