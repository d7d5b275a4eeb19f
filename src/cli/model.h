/* SPDX-License-Identifier: MIT */
/*
 * What the user chose: which clients in which order and columns, where the cursor is, what is open.
 * Keys change it and nothing else. It does not know how any of it is drawn, nor the terminal.
 */
#ifndef GPUTOP_MODEL_H
#define GPUTOP_MODEL_H

#include "../report/view.h"
#include "key.h"

#define MODEL_MAX_COLUMNS 64

/* Where the frames come from, as far as the user must know it. */
enum mode {
	MODE_LIVE,
	MODE_REPLAY,
	MODE_DEMO,
};

struct model {
	struct view_options view;
	struct column columns[MODEL_MAX_COLUMNS];	/* asked for, "all engines" not yet expanded */
	size_t n_columns;
	bool default_columns;	/* nobody asked for them: what says nothing here may be left out */

	enum mode mode;
	bool ended;		/* no frame comes any more */
	bool utf8;		/* else ASCII */
	bool privileged;	/* nobody sees more than we do, or it is not for us to see */
	bool no_gpu;		/* this machine has neither a GPU device nor a driver for one */

	bool paused;
	bool help;
	bool quit;
	ssize_t cursor;		/* row of the view; -1: none */
	uint64_t selected;	/* id of the row at the cursor */
	size_t top;		/* first row shown */
	size_t left;		/* first column shown */
};

/* What is on the screen when a key arrives: the rows, the expanded columns, how many rows fit. */
struct model_context {
	const struct view *view;
	const struct column *columns;
	size_t n_columns;
	size_t rows;
};

/* The columns a client table has unless the user says otherwise. */
extern const char model_default_columns[];

/* A key, or several that do the same, what it does, and its name on the help screen. */
struct binding {
	int keys[4];		/* unused ones 0 */
	const char *name;
	const char *help;
	void (*act)(struct model *m, const struct model_context *on, const char *arg);
	const char *arg;
	const char *hint;	/* a word for the last row of the screen; NULL: not there */
};

extern const struct binding bindings[];
extern const size_t n_bindings;

/* An empty model: cursor off, default columns. */
void model_init(struct model *m);

/* One key. Keys nobody bound do nothing. */
void model_key(struct model *m, int key, const struct model_context *on);

/* A new frame, or another size: the cursor stays with its client, the rows shown with the cursor. */
void model_settle(struct model *m, const struct model_context *on);

#endif
