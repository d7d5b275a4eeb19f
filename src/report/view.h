/* SPDX-License-Identifier: MIT */
/*
 * Which clients of a snapshot are wanted, and in which order. Used by every report and every screen.
 */
#ifndef GPUTOP_VIEW_H
#define GPUTOP_VIEW_H

#include "field.h"

struct view_options {
	const pid_t *pids;		/* any of them (owner or sharer); none: all */
	size_t n_pids;
	const char *const *users;	/* names or uids as text, of the owner or a sharer; none: all */
	size_t n_users;
	/*
	 * Device: its gpu ("0000:03:00.0", or "03:00.0"), a node ("card0", "/dev/dri/card0") or its driver;
	 * NULL: all.
	 */
	const char *gpu;
	bool all;			/* idle clients too */
	struct column sort;		/* field NULL: by use, then memory */
	bool reverse;			/* default order: largest first for numbers, A to Z for text */
};

struct view_row;

/* Row pointers into the snapshot; reused from frame to frame. Zero-initialised is valid. */
struct view {
	const struct snapshot_client **clients;
	size_t n_clients;
	const struct snapshot_device **devices;
	size_t n_devices;

	size_t clients_size, devices_size;	/* allocated */
	struct view_row *rows;			/* what is sorted */
	size_t rows_size;
	struct buf scratch;
};

/*
 * 0, or -ENOMEM with an empty view. Stable: equal rows keep the snapshot's order. Unknown comes last,
 * whatever the direction.
 */
int view_select(struct view *v, const struct view_options *o, const struct snapshot *s);
void view_done(struct view *v);

/*
 * Replaces columns "of all engines" and "of all regions" by one column for each engine or region of the
 * devices in view, in their order, each name once. Returns how many there are; no more than @size of them
 * are written.
 */
size_t view_columns(const struct view *v, const struct column *columns, size_t n, struct column *ret,
		    size_t size);

#endif
