/* SPDX-License-Identifier: MIT */
/*
 * The end of a pass: when it was, and what it cost. Plain data.
 */
#ifndef GPUTOP_FRAME_H
#define GPUTOP_FRAME_H

#include <stdint.h>

enum syscall_kind {
	SYSCALL_OPEN,
	SYSCALL_CLOSE,
	SYSCALL_READ,
	SYSCALL_GETDENTS,
	SYSCALL_STAT,
	SYSCALL_READLINK,
	SYSCALL_OTHER,
	N_SYSCALL_KINDS
};

/* "open", "close", "read", ... */
extern const char *const syscall_names[N_SYSCALL_KINDS];

struct scan {
	char finder[16];
	char passed_over[256];	/* cheaper finders that are not had here, and why; "" if there are none */
	uint64_t wall_ns;
	uint64_t cpu_ns;	/* user and system time of the sampling thread */
	uint64_t processes;	/* looked at */
	uint64_t fds;		/* descriptors looked at */
	uint64_t reads;		/* fdinfo texts read */
	uint64_t denied;	/* processes whose descriptors may not be seen */
	uint64_t gone;		/* processes and descriptors that vanished meanwhile: weather, not an error */
	uint64_t malformed;	/* lines of kernel text with a known key and a value that makes no sense */
	uint64_t syscalls[N_SYSCALL_KINDS];
};

struct frame {
	uint64_t seq;
	uint64_t t_ns;		/* CLOCK_MONOTONIC of the machine it is from */
	uint64_t clock_ns;	/* CLOCK_REALTIME, since the epoch */
	char host[65];
	struct scan scan;
};

#endif
