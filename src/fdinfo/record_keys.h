/* SPDX-License-Identifier: MIT */
/*
 * The gputop- keys as a table, which both directions of the dialect follow. Private to the library.
 */
#ifndef GPUTOP_RECORD_KEYS_H
#define GPUTOP_RECORD_KEYS_H

#include "record.h"

#define RECORD_PREFIX "gputop-"

/* How a value is stored and written; what is left out when written is what a reset leaves. */
enum record_type {
	RECORD_COUNT,		/* uint64_t, left out if UNKNOWN */
	RECORD_NS,		/* uint64_t, "N ns", left out if 0 */
	RECORD_HEX,		/* uint32_t, "0x1002", left out if 0 */
	RECORD_PID,		/* pid_t */
	RECORD_DEV,		/* dev_t, "major:minor", left out if 0 */
	RECORD_TEXT,		/* struct str, escaped, left out if absent; shorter than a size > 0 */
	RECORD_CHARS,		/* char[size], NUL-terminated, escaped, left out if "" */
	RECORD_POWER,		/* enum device_power by name */
	RECORD_NODES,		/* nodes and n_nodes of struct device, "name=major:minor ..." */
	RECORD_SENSORS,		/* sensors of struct device, "name=N ..." of those known */
	RECORD_SIZES,		/* its sizes of memory, "region=N ..." */
	RECORD_SYSCALLS,	/* uint64_t[N_SYSCALL_KINDS], "name=N ..." */
	RECORD_ANCESTORS,	/* ancestors and n_ancestors of struct process, "12 1" */
	RECORD_FD,		/* fds and n_fds of struct record: one of them; only read */
	RECORD_FDS,		/* fds and n_fds of struct record: all of them */
};

struct record_key {
	struct str name;	/* after RECORD_PREFIX */
	enum record_type type;
	bool is_head;		/* the first line of a record: makes it one of this kind */
	size_t offset;		/* of the value in struct device, frame or record */
	size_t size;
};

struct record_format {
	const struct record_key *keys;	/* in the order they are written */
	size_t n_keys;
};

extern const struct record_format record_formats[N_RECORD_KINDS];

#define N_POWER_NAMES (DEVICE_ASLEEP + 1)
extern const char *const record_power_names[N_POWER_NAMES];

#endif
