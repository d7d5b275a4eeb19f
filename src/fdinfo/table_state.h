/* SPDX-License-Identifier: MIT */
/*
 * What a table remembers between frames; private to table*.c. Devices are kept for ever, clients and
 * processes until a frame ends without them. Nothing here is moved or freed while a frame is under way.
 */
#ifndef GPUTOP_TABLE_STATE_H
#define GPUTOP_TABLE_STATE_H

#include "hash.h"
#include "record.h"
#include "snapshot.h"

struct process_state {
	struct hash_node node;		/* by pid */
	struct snapshot_process facts;	/* its text lives in the four below */
	struct buf comm, cmdline, user, cgroup;
	pid_t ancestors[PROCESS_MAX_ANCESTORS];
	uint64_t seen;			/* last frame it held a client in */
	const struct gpu_state *counted_for;	/* by publishing: the device that counted it last */
};

/* Counters of an engine, never lower than before. UNKNOWN where the driver has none. */
struct engine_counters {
	uint64_t busy_ns;
	uint64_t cycles;
};

struct engine_state {
	char *name;
	uint64_t capacity;
	uint64_t curfreq_hz;
	uint64_t maxfreq_hz;
	struct engine_counters exited;	/* what clients had when they exited */
	uint64_t total_cycles;		/* the clock that its clients share, as it was read last: */
	uint64_t total_ns;		/* at this time */
};

struct region_state {
	char *name;
	unsigned int seen_keys;		/* bit per region_key some client printed: absent then means 0 */
};

struct gpu_state {
	struct device device;
	uint64_t seen;			/* last frame with a device or client record of it */
	struct engine_state *engines;
	size_t n_engines, engines_size;
	struct region_state *regions;
	size_t n_regions, regions_size;
};

struct client_engine {
	struct engine_counters held;
	uint64_t total_cycles;		/* at its last reading: */
	uint64_t t_ns;			/* when that was; 0 never */
	double busy;
};

struct holder_state {
	struct process_state *process;
	int fd;				/* -1: the process is named, no descriptor of it */
};

struct client_state {
	struct hash_node node;
	struct gpu_state *gpu;
	uint64_t serial;
	uint64_t id;			/* UNKNOWN: named by the next three */
	pid_t pid;
	uint64_t start_time;
	int fd;

	uint64_t seen;			/* last frame with a record of it */
	uint64_t read;			/* last frame with a reading of it; 0 never */
	uint64_t t_ns, interval_ns, first_ns;
	dev_t rdev;
	uint32_t instance;		/* of the device when it came; 0 not known yet */
	struct client_engine *engines;	/* by index in gpu->engines; may be shorter */
	size_t n_engines, engines_size;
	struct region_usage *regions;	/* by index in gpu->regions; may be shorter */
	size_t n_regions, regions_size;
	struct buf text, name;
	struct str *extras;		/* into text */
	size_t n_extras, extras_size;

	struct holder_state *holders;	/* of this frame or the last one, by age of process, pid, fd */
	size_t n_holders, holders_size;
	struct holder_state *before;	/* while a frame is under way: of the last one */
	size_t n_before, before_size;
};

struct table {
	uint64_t seq;			/* the frame under way, from 1 */
	uint64_t last_frame_ns;		/* t_ns of the previous frame; UNKNOWN before the first */
	struct gpu_state **gpus;
	size_t n_gpus, gpus_size;
	uint64_t last_serial;
	struct client_state **clients;	/* by gpu, id, pid, fd; those of an earlier frame are out of sight */
	size_t n_clients, clients_size;
	struct hash by_identity;	/* client_state.node */
	struct hash by_pid;		/* process_state.node */
	struct process_state **processes;
	size_t n_processes, processes_size;

	struct snapshot snapshot;
	/* what the snapshot points into */
	struct snapshot_device *out_devices;
	size_t out_devices_size;
	struct snapshot_engine *out_device_engines;
	size_t out_device_engines_size;
	struct snapshot_region *out_device_regions;
	size_t out_device_regions_size;
	struct snapshot_client *out_clients;
	size_t out_clients_size;
	struct engine_usage *out_engines;
	size_t out_engines_size;
	struct region_usage *out_regions;
	size_t out_regions_size;
	struct snapshot_holder *out_holders;
	size_t out_holders_size;
	const struct snapshot_process **out_sharers;
	size_t out_sharers_size;
};

/* A name as it can be kept: at most @max bytes, and none from a NUL on. */
static inline struct str str_cut(struct str s, size_t max)
{
	return (struct str){ s.ptr, s.ptr ? strnlen(s.ptr, s.len < max ? s.len : max) : 0 };
}

/* table_count.c: takes a reading of @c: counters, busy, memory, text. Returns 0 or -ENOMEM. */
int client_read(struct client_state *c, const struct record *r);

/*
 * table_count.c: true if a reading @r, the first of this frame, cannot be of the client that @c was, though it has its
 * number: the device is another instance, which numbers anew, or another process holds it and a counter is lower.
 */
bool client_number_was_reused(const struct client_state *c, const struct record *r);

static inline bool client_was_held_by(const struct client_state *c, pid_t pid, uint64_t start_time)
{
	for (size_t i = 0; i < c->n_before; i++)
		if (c->before[i].process->facts.pid == pid && c->before[i].process->facts.start_time == start_time)
			return true;
	return false;
}

/* table_count.c: adds what @c counted to its device's exited clients. */
void client_retire(const struct client_state *c);

/* table_publish.c: t->snapshot from the state. Returns 0 or -ENOMEM. */
int table_publish(struct table *t, const struct frame *frame);

#endif
