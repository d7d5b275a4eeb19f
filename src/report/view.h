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
	const char *const *users;	/* names or numbers as text; none: all */
	size_t n_users;
	const char *gpu;		/* device: its gpu, a node name ("card0") or driver; NULL: all */
	bool all;			/* idle clients too */
	struct column sort;		/* field NULL: by use, then memory */
	bool reverse;			/* default order: largest first for numbers, A to Z for text */
};

/* Row pointers into the snapshot; reused from frame to frame. Zero-initialised is valid. */
struct view {
	const struct snapshot_client **clients;
	size_t n_clients;
	const struct snapshot_device **devices;
	size_t n_devices;
	size_t clients_size, devices_size;
};

/* 0 or -ENOMEM. Stable: equal rows keep the snapshot's order. */
int view_select(struct view *v, const struct view_options *o, const struct snapshot *s);
void view_done(struct view *v);

#endif
