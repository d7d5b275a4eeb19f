/* SPDX-License-Identifier: MIT */
/*
 * Which descriptors refer to the clients that the kernel lists: remembered from pass to pass, and looked up
 * again only where the list says that something changed. It does not know where the list is from, nor how
 * one looks into a process: that is the finder's look().
 *
 * Of each client the list has the process that the kernel names and the number of references to the open
 * file: descriptors, mappings, messages in flight, system calls under way. When it is new, named otherwise or
 * has another number of references, the process named and those known to hold it are looked into; each of them
 * also within stale_ns, as two changes may leave the number as it was.
 *
 * All other processes are looked into only when a client has more references than known descriptors, at once
 * then. Where that was in vain, as it is for one that is mapped, there is no other reason to for a while: all
 * have a turn within stale_ns, as long as such a client is there, and once more if it loses its last known
 * descriptor. So the cost has to do with clients only, as long as all their references are descriptors.
 */
#ifndef GPUTOP_LISTED_H
#define GPUTOP_LISTED_H

#include <sys/types.h>

#include "hash.h"
#include "proc.h"

/* A descriptor of a client. */
struct listed_fd {
	pid_t pid;
	int fd;
	uint64_t seen;		/* the last pass that saw it */
};

struct listed_client {
	struct hash_node node;		/* by id */
	pid_t named;			/* 0: none */
	uint64_t refs;
	uint64_t seen;			/* the last pass that listed it */
	bool is_changed;		/* since the pass before */
	bool was_in_vain;		/* its references were looked for everywhere, and some not found */
	struct listed_fd *fds;		/* by pid and fd */
	size_t n_fds, fds_size;
};

struct listed_process;

/*
 * Tells listed_fd_add() the clients of process @pid, called @name in /proc, and their descriptors. One that
 * is gone or denied has none. Returns 0, or -errno to end the pass.
 */
typedef int listed_look(void *arg, pid_t pid, const char *name);

struct listed {
	struct proc *proc;
	listed_look *look;
	void *arg;
	uint64_t stale_ns, known_stale_ns;
	uint64_t pass, now_ns, interval_ns;
	bool is_whole;			/* the last pass came to its end */
	pid_t pid;			/* being looked into */
	bool has_looked;		/* into one that has to do with a client, and dropped nothing yet */
	struct hash by_id, by_pid;
	struct listed_client **clients;
	size_t n_clients, clients_size;
	struct listed_process **processes;	/* that are named, or have a descriptor */
	size_t n_processes, processes_size;
	uint64_t vain_ns;		/* when all processes of the machine were looked into in vain; 0: never */
	size_t n_all;			/* so many there were */
	size_t n_round;			/* of them, in the rolling round under way */
	int64_t position;		/* where in /proc it goes on */
	double share;			/* due in it and not had yet */
};

/*
 * @known_stale_ns: of the processes that have to do with a client, 0 where looking into them costs next to
 * nothing: then each pass does. @arg is look()'s; @proc is borrowed. Zero-initialised is valid for
 * listed_done().
 */
void listed_init(struct listed *l, struct proc *proc, uint64_t stale_ns, uint64_t known_stale_ns,
		 listed_look *look, void *arg);
void listed_done(struct listed *l);

/* A pass begins, at @now_ns of CLOCK_MONOTONIC. */
void listed_begin(struct listed *l, uint64_t now_ns);

/* The list has client @id. @ret is valid until the next pass, its fds after listed_settle(). 0 or -ENOMEM. */
int listed_add(struct listed *l, uint64_t id, pid_t named, uint64_t refs, struct listed_client **ret);

/* From look(): descriptor @fd of the process refers to client @id. 0 or -ENOMEM. */
int listed_fd_add(struct listed *l, uint64_t id, int fd);

/* The list is complete: looks into the processes it has to. Returns 0, what look() returned, or -errno. */
int listed_settle(struct listed *l);

#endif
