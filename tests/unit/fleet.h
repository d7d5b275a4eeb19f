/* SPDX-License-Identifier: MIT */
/*
 * Live processes that have exactly the descriptors asked for: each is ready when fleet_spawn() returns,
 * and all are gone with the test, however it ends.
 */
#ifndef GPUTOP_FLEET_H
#define GPUTOP_FLEET_H

#include <stddef.h>
#include <sys/types.h>

enum fleet_kind {
	FLEET_NODE,	/* the fleet's device node, opened */
	FLEET_PATH,	/* the same with O_PATH */
	FLEET_PASSED,	/* the same, received over a socket (SCM_RIGHTS) */
	FLEET_DUP,	/* a dup of the entry before */
	FLEET_FILE,
	FLEET_SOCKET,
	FLEET_PIPE,
	FLEET_EVENTFD,
};

struct fleet_fd {
	int fd;
	enum fleet_kind kind;
};

/* Stands for a GPU: unlike /dev/null, hardly anybody else on the machine has it open. */
#define FLEET_GPU "/dev/ptmx"
#define FLEET_GPU_MAJOR 5
#define FLEET_GPU_MINOR 2

#define FLEET_MAX 64
#define FLEET_COMM "fleet (1) \n"	/* what all call themselves */

struct fleet {
	const char *node;
	pid_t pids[FLEET_MAX];	/* children, and children of theirs */
	size_t n;
};

/* One process; returns its pid. Kinds must be in ascending order of fd. */
pid_t fleet_spawn(struct fleet *f, const struct fleet_fd *fds, size_t n);

/* The same, but it forks before it is ready; the child inherits all, and its pid is in @ret_child. */
pid_t fleet_spawn_forked(struct fleet *f, const struct fleet_fd *fds, size_t n, pid_t *ret_child);

/* A process whose children come and go as fast as they can, each with some nodes open. */
pid_t fleet_storm(struct fleet *f);

/* Kills and reaps all. */
void fleet_done(struct fleet *f);

#endif
