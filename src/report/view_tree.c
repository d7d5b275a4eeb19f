/* SPDX-License-Identifier: MIT */
#include "view_tree.h"

#define NONE SIZE_MAX

static const struct snapshot_process *process_of(const struct view_row *r)
{
	return r->clients[0]->process;
}

/* The row of process @pid, or NONE. */
static size_t find_row(const struct view_row *rows, size_t n, pid_t pid)
{
	size_t lo = 0, hi = n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (process_of(&rows[mid])->pid < pid)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < n && process_of(&rows[lo])->pid == pid ? lo : NONE;
}

/*
 * An ancestor is older: otherwise its number was reused, or the text lies. It is also what keeps cycles out.
 */
static bool is_older(const struct snapshot_process *a, const struct snapshot_process *b)
{
	return a->start_time != b->start_time ? a->start_time < b->start_time : a->pid < b->pid;
}

static size_t find_parent(const struct view_row *rows, size_t n, const struct snapshot_process *p)
{
	for (size_t i = 0; i < p->n_ancestors; i++) {
		size_t row = find_row(rows, n, p->ancestors[i]);

		if (row != NONE && is_older(process_of(&rows[row]), p))
			return row;
	}
	return NONE;
}

static void place(struct view_row *row, unsigned int depth, uint64_t lines, bool is_last)
{
	row->depth = depth;
	row->lines = lines;
	if (depth > 0 && depth <= VIEW_MAX_LINES && !is_last)
		row->lines |= 1ull << (depth - 1);
}

void view_tree_order(struct view_row *rows, size_t n, size_t *order, struct view_node *nodes)
{
	size_t first = NONE, at, k = 0;

	for (size_t i = 0; i < n; i++)
		nodes[i] = (struct view_node){ find_parent(rows, n, process_of(&rows[i])), NONE, NONE };
	/* from the last one on, each to the front of its siblings */
	for (size_t i = n; i-- > 0;) {
		struct view_node *node = &nodes[order[i]];
		size_t *list = node->parent == NONE ? &first : &nodes[node->parent].first_child;

		node->next = *list;
		*list = order[i];
	}
	for (at = first; at != NONE; k++) {
		const struct view_node *node = &nodes[at];
		const struct view_row *above = node->parent == NONE ? NULL : &rows[node->parent];

		place(&rows[at], above ? above->depth + 1 : 0, above ? above->lines : 0, node->next == NONE);
		order[k] = at;
		if (node->first_child != NONE) {
			at = node->first_child;
			continue;
		}
		while (nodes[at].next == NONE && nodes[at].parent != NONE)
			at = nodes[at].parent;
		at = nodes[at].next;
	}
}
