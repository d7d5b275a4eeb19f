/* SPDX-License-Identifier: MIT */
/*
 * Which clients of a snapshot are wanted, which of them are one row, and in which order. Used by every report
 * and every screen.
 */
#ifndef GPUTOP_VIEW_H
#define GPUTOP_VIEW_H

#include "filter.h"

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
	const struct filter *filter;	/* NULL: none */
	bool all;			/* idle rows too: those in which every client is */
	const struct field *group;	/* clients with the same value of it are one row, see view_can_group();
					 * NULL: a row per client */
	bool tree;			/* rows are processes, below the nearest ancestor that has a row; @group is
					 * not asked, and siblings are sorted */
	struct column sort;		/* field NULL: by use, then memory */
	bool reverse;			/* default order: largest first for numbers, A to Z for text */
};

#define VIEW_MAX_LINES 64

/* One row: a client, or several that make a group. Its cells are those of column_get_group(). */
struct view_row {
	const struct snapshot_client *const *clients;	/* in the snapshot's order, at least one */
	size_t n;
	uint64_t id;	/* what it is called: the same from frame to frame, whatever else changes */
	unsigned int depth;	/* in the tree; 0: below no other row */
	uint64_t lines;		/* bit d: the row itself (d + 1 == depth) or the one above it at depth d + 1 has
				 * another sibling below; not known from VIEW_MAX_LINES on */
};

/* True if some clients are left out whatever they do. */
bool view_is_restricted(const struct view_options *o);

struct view_item;
struct view_node;

/* Rows and pointers into the snapshot; reused from frame to frame. Zero-initialised is valid. */
struct view {
	const struct snapshot *snapshot;	/* the whole */
	const struct view_row *rows;
	size_t n_rows;
	const struct snapshot_client **clients;	/* of all rows, row by row */
	size_t n_clients;
	const struct snapshot_device **devices;
	size_t n_devices;

	struct view_row *row_array;		/* the rows, then room to order them */
	const struct snapshot_client **found;	/* the clients in view before they are in order */
	struct view_item *items;		/* what is sorted */
	size_t *order;				/* numbers of rows */
	struct view_node *nodes;
	size_t rows_size, clients_size, found_size, devices_size, items_size, order_size, nodes_size;
	struct buf scratch;
};

/* All clients in it are. */
bool view_row_is_idle(const struct view_row *r);

/* The fields a view may be grouped by: text and numbers that say what a client is, not what it does. */
bool view_can_group(const struct field *f);

/*
 * 0, or -ENOMEM with an empty view. Stable: equal rows keep the snapshot's order. Unknown comes last,
 * whatever the direction; clients of which the group is unknown are one row.
 */
int view_select(struct view *v, const struct view_options *o, const struct snapshot *s);
void view_done(struct view *v);

/*
 * Replaces columns "of all engines" and "of all regions" by one column for each engine or region of the
 * devices in view, in their order, each name once. Returns how many there are; those beyond @size are left out.
 */
size_t view_columns(const struct view *v, const struct column *columns, size_t n, struct column *ret,
		    size_t size);

#endif
