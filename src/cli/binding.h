/* SPDX-License-Identifier: MIT */
/*
 * The key table: every key there is, a row each. It drives what keys do, the help page and the hints in the
 * last row: a new key is one row here.
 */
#ifndef GPUTOP_BINDING_H
#define GPUTOP_BINDING_H

#include "model.h"

/* A set of pages: ON(PAGE_CLIENTS) | ON(PAGE_HELP) */
#define ON(page) (1u << (page))
#define ON_EVERY_PAGE (~0u)

/* A key, or several that do the same, what it does, and its name on the help screen. */
struct binding {
	int keys[4];		/* unused ones 0 */
	const char *name;
	const char *help;
	void (*act)(struct model *m, const struct model_context *on, const char *arg);
	const char *arg;
	const char *hint;	/* a word for the last row of the screen; NULL: not there */
	unsigned int pages;	/* where it is valid; 0: on the page of clients */
};

extern const struct binding bindings[];
extern const size_t n_bindings;

bool binding_is_on(const struct binding *b, enum page page);

/* NULL: that key does nothing on that page. */
const struct binding *binding_find(int key, enum page page);

#endif
