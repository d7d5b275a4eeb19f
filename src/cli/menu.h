/* SPDX-License-Identifier: MIT */
/*
 * A list of items of which the user chooses one: what is in it, which is marked, and the keys that move
 * the mark. It does not know what the items are for, nor how they are drawn.
 */
#ifndef GPUTOP_MENU_H
#define GPUTOP_MENU_H

#include <stdbool.h>
#include <stddef.h>

#define MENU_MAX 256

struct model;
struct model_context;

struct menu_item {
	char text[64];
	long value;		/* for the caller */
};

struct menu {
	char title[128];
	bool is_open;
	bool at_once;		/* a typed letter chooses, it need not be confirmed: for questions */
	struct menu_item items[MENU_MAX];
	size_t n;
	size_t cursor;		/* of the marked item */
	char typed[32];		/* letters that led to it */

	/* The menu being closed already: another one, or a prompt, may be opened. */
	void (*chosen)(struct model *m, const struct model_context *on, const struct menu_item *item);
};

/* Opens it empty. */
void menu_open(struct menu *menu, const char *title);

/* Adds an item; what is beyond MENU_MAX is left out. */
void menu_add(struct menu *menu, const char *text, long value);

/* Marks the item with that value, if there is one. */
void menu_mark(struct menu *menu, long value);

enum menu_key {
	MENU_TAKEN,
	MENU_CHOSEN,		/* the marked item */
	MENU_GIVEN_UP,
};

/* @rows: items that are seen at once. Whatever it returns, the menu stays open. */
enum menu_key menu_key(struct menu *menu, int key, size_t rows);

#endif
