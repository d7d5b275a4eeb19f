/* SPDX-License-Identifier: MIT */
/*
 * A line that the user writes: its text, where the cursor is, and the keys that edit it. It does not know
 * what the line is for, nor where it is drawn.
 */
#ifndef GPUTOP_PROMPT_H
#define GPUTOP_PROMPT_H

#include <stdbool.h>
#include <stddef.h>

#define PROMPT_SIZE 256

struct model;
struct model_context;

struct prompt {
	bool is_open;
	char label[80];
	char text[PROMPT_SIZE];	/* UTF-8 */
	size_t len;
	size_t cursor;		/* bytes before it */

	/* After each key that changed the text; NULL: nobody is interested. */
	void (*changed)(struct model *m, const struct model_context *on, const char *text);
	/*
	 * At the end, the prompt being closed already (another one, or a menu, may be opened). @text: what was
	 * written; NULL: given up.
	 */
	void (*done)(struct model *m, const struct model_context *on, const char *text);
};

/* Opens it with @text in it (cut where it is too long), the cursor behind it. */
void prompt_open(struct prompt *p, const char *label, const char *text);

enum prompt_key {
	PROMPT_NOT_MINE,	/* a key that does not edit: function keys, up and down */
	PROMPT_TAKEN,
	PROMPT_CHANGED,
	PROMPT_ACCEPTED,	/* Enter */
	PROMPT_GIVEN_UP,	/* Escape */
};

/* Edits; whatever it returns, the prompt stays open. */
enum prompt_key prompt_key(struct prompt *p, int key);

#endif
