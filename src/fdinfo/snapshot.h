/* SPDX-License-Identifier: MIT */
/*
 * The const result of a frame: devices and clients with what they did in the interval. Everything that
 * speaks to the outside is a function of this. It has no functions of its own but small look-ups, and
 * knows neither how it was made nor who reads it.
 */
#ifndef GPUTOP_SNAPSHOT_H
#define GPUTOP_SNAPSHOT_H

#include <stdbool.h>
#include <sys/types.h>

#include "cgroup.h"
#include "device.h"
#include "frame.h"
#include "types.h"

struct engine_usage {
	double busy;		/* mean number of busy instances in the interval, 0..capacity; NAN unknown */
	uint64_t busy_ns;	/* counters since the client opened (device: summed, exited clients included); */
	uint64_t cycles;	/* UNKNOWN where the driver has none */
	uint64_t total_cycles;	/* a clock, lower after a loss of power; device: as a client reported it last */
};

struct region_usage {		/* bytes or UNKNOWN */
	uint64_t total;
	uint64_t shared;
	uint64_t resident;	/* drm-memory-R where there is no drm-resident-R */
	uint64_t purgeable;
	uint64_t active;
};

struct snapshot_engine {
	const char *name;
	uint64_t capacity;	/* >= 1 */
	uint64_t curfreq_hz;	/* UNKNOWN */
	uint64_t maxfreq_hz;	/* UNKNOWN */
	struct engine_usage usage;	/* sums over clients */
};

struct snapshot_region {
	const char *name;
	struct region_usage usage;	/* sums over clients */
};

struct snapshot_device {
	struct device device;
	const struct snapshot_engine *engines;	/* ordered by first sight; only grows */
	size_t n_engines;
	const struct snapshot_region *regions;
	size_t n_regions;
	size_t n_clients;	/* live ones */
	size_t n_processes;	/* distinct holders */
};

struct snapshot_holder {
	pid_t pid;
	int fd;
};

/* A process that holds a client: NUL-terminated copies, raw bytes (escape before showing). */
struct snapshot_process {
	pid_t pid;
	uint64_t start_time;
	uint64_t uid;		/* UNKNOWN */
	const char *comm;	/* "" if unknown */
	const char *cmdline;	/* "" if there is none */
	const char *user;	/* "" if unknown */
	const char *cgroup;	/* "" if unknown */
	struct cgroup facts;	/* cgroup decoded */
	const pid_t *ancestors;	/* its parent first; holders or not */
	size_t n_ancestors;
};

struct snapshot_client {
	const struct snapshot_device *device;
	uint64_t serial;		/* from 1: which client it is, in all snapshots of one table */
	uint64_t id;			/* drm-client-id; UNKNOWN: named by (pid, fd) */
	const char *name;		/* drm-client-name, NULL if none */
	const struct snapshot_process *process;	/* to whom it belongs, never NULL; the others are sharers */
	const struct snapshot_process *const *sharers;	/* other processes that hold it */
	size_t n_sharers;
	const struct snapshot_holder *holders;	/* every (pid, fd): by age of process, pid, fd; may be none */
	size_t n_holders;
	dev_t rdev;			/* of the node it was opened through; 0 unknown */
	const struct engine_usage *engines;	/* device->n_engines of them, in that order */
	const struct region_usage *regions;	/* device->n_regions of them, in that order */
	uint64_t t_ns;			/* when its text was read */
	uint64_t interval_ns;		/* since its previous record; UNKNOWN for a new one */
	uint64_t first_ns;		/* t_ns of its first record, or of the first since a frame without it */
	struct str text;		/* its drm- and driver lines, verbatim; absent if never read */
	const struct str *extras;	/* the driver's own lines in text */
	size_t n_extras;
};

struct snapshot {
	struct frame frame;
	uint64_t interval_ns;		/* since the previous frame; UNKNOWN in the first */
	const struct snapshot_device *devices;
	size_t n_devices;
	const struct snapshot_client *clients;	/* by device, then id */
	size_t n_clients;
};

/*
 * A client that has a number and was out of sight for fewer frames is the one it was: a scan may miss what a later
 * one sees, such as a descriptor under way from one process to another.
 */
#define SNAPSHOT_FRAMES_AWAY 16

/* What counts as the memory in a region: what is resident, the total where that is unknown. */
static inline uint64_t region_usage_memory(const struct region_usage *u)
{
	return u->resident != UNKNOWN ? u->resident : u->total;
}

/* Takes one of its extras apart, "key:<blanks>value". Borrowed from @line. */
void snapshot_extra(struct str line, struct str *ret_key, struct str *ret_value);

/* What names a client from frame to frame, whatever else changes. Borrows nothing. */
struct client_key {
	char gpu[64];
	uint64_t id;
	pid_t pid;		/* this and fd: where id is UNKNOWN */
	int fd;
	uint64_t first_ns;	/* a number that is used again is another client's */
};

struct client_key snapshot_client_key(const struct snapshot_client *c);

/* NULL: not in this frame. */
const struct snapshot_client *snapshot_find(const struct snapshot *s, const struct client_key *k);

/* Is known to have used no engine in the interval, and to hold no memory. */
bool snapshot_client_is_idle(const struct snapshot_client *c);

/* Sum over engines of busy / capacity, NAN if all are unknown: what "most use" sorts by. */
double snapshot_client_use(const struct snapshot_client *c);

/* region_usage_memory() over all regions; UNKNOWN if it is of each. */
uint64_t snapshot_client_memory(const struct snapshot_client *c);

#endif
