/* SPDX-License-Identifier: MIT */
/*
 * Totals over time: what each device, user and control group has used since the first snapshot, clients
 * that exited included. For counters that accounting can trust. It sees only snapshots; it does not know
 * where they come from, nor how totals are written.
 *
 * Each client's growth from snapshot to snapshot goes to its device, and to the user and control group its
 * process is in by then, so that no total ever goes back. A client of the first snapshot counts from its
 * first reading; one that came later counts whole, from its opening. Thus totals begin at 0, as after a
 * restart they must: whoever reads counters takes a lower value for growth since 0.
 */
#ifndef GPUTOP_TOTALS_H
#define GPUTOP_TOTALS_H

#include "../fdinfo/buf.h"
#include "../fdinfo/hash.h"
#include "../fdinfo/snapshot.h"

/* What clients used of one engine. UNKNOWN where nobody's driver counts that. */
struct totals_engine {
	/*
	 * Where the driver has no busy time but a share (cycles of elapsed cycles), the share times the time
	 * between the two readings.
	 */
	uint64_t busy_ns;
	uint64_t cycles;
};

/* What clients use of one device. */
struct totals_usage {
	struct totals_engine *engines;	/* by index in the device's engines; may be shorter */
	size_t n_engines, engines_size;
	uint64_t *resident;		/* bytes of live clients, by index in the device's regions; may be shorter */
	size_t n_regions, regions_size;
};

/* A device that was ever seen. */
struct totals_device {
	char gpu[64];
	char **engines, **regions;	/* names, in the snapshot's order */
	size_t n_engines, engines_size;
	size_t n_regions, regions_size;
	struct totals_usage usage;
	const struct snapshot_device *now;	/* in the last snapshot, valid as long as that; NULL: not there */
};

/* A user or a control group. */
struct totals_group {
	char *name;			/* fit for a label: UTF-8, no control characters */
	uint64_t key;			/* of name */
	struct cgroup facts;		/* of a control group */
	size_t n_clients;		/* live ones */
	uint64_t t_ns;			/* of the last snapshot it had clients in */
	uint64_t seen;			/* which one that was, by totals.n_snapshots */
	struct totals_usage *devices;	/* by index in totals.devices; may be shorter */
	size_t n_devices, devices_size;
};

struct totals_groups {
	struct totals_group **list;	/* by first sight */
	size_t n, size;
	struct totals_group *other;	/* of clients without a group of their own, named "other"; NULL: never any */
	size_t n_folded;		/* clients of the last snapshot that the limit put there */
};

/* Zero-initialised is valid and empty but for max_groups. Others may read it and no more. */
struct totals {
	uint64_t max_groups;		/* users, and control groups, that get a group of their own */

	uint64_t n_snapshots;
	uint64_t start_ns;		/* t_ns of the first */
	uint64_t scan_wall_ns, scan_cpu_ns, denied, malformed;	/* summed over their scans */
	struct totals_device *devices;	/* by first sight */
	size_t n_devices, devices_size;
	struct totals_groups users;
	struct totals_groups cgroups;

	struct totals_client **clients;	/* what growth is taken from */
	size_t n_clients, clients_size;
	struct hash by_serial;
	struct buf scratch;
};

#define TOTALS_MAX_GROUPS 100		/* the usual max_groups */

/*
 * Takes one more snapshot; all of them must come from one table. Where max_groups are reached, a group
 * without clients for more than 5 minutes and SNAPSHOT_FRAMES_AWAY snapshots makes room; if there is none, clients go to "other".
 * Allocates only for what it has not seen before. Returns 0, or -ENOMEM: what could not be counted now is
 * with the next snapshot.
 */
int totals_add(struct totals *t, const struct snapshot *s);

/*
 * The group of user @name, which stays as long as this is called every 5 minutes, with @t_ns of the last snapshot.
 * If there is none, NULL; with @make it is made, whatever max_groups says, and has what is counted from now on.
 * 0 or -ENOMEM.
 */
int totals_keep_user(struct totals *t, const char *name, bool make, uint64_t t_ns, const struct totals_group **ret);
void totals_done(struct totals *t);

#endif
