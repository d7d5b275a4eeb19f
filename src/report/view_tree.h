/* SPDX-License-Identifier: MIT */
/*
 * Rows of processes in the order of a tree: each below the nearest of its ancestors that has a row, whatever
 * lies between them. Private to the view; it knows nothing of what rows are sorted by.
 */
#ifndef GPUTOP_VIEW_TREE_H
#define GPUTOP_VIEW_TREE_H

#include "view.h"

/* Scratch: the tree, by numbers of rows. */
struct view_node {
	size_t parent, first_child, next;
};

/*
 * @rows: one per process, in ascending order of pid; their depth and lines are set. @order: their numbers, n of
 * them, as they were sorted; on return depth first, siblings as they were. @nodes: room for n.
 */
void view_tree_order(struct view_row *rows, size_t n, size_t *order, struct view_node *nodes);

#endif
