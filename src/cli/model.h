/* SPDX-License-Identifier: MIT */
/*
 * What the user chose: which clients in which order and columns, where the cursor is, what is open.
 * Keys change it and nothing else. It does not know how any of it is drawn, nor the terminal; what reaches
 * beyond it is a request, which somebody else executes.
 */
#ifndef GPUTOP_MODEL_H
#define GPUTOP_MODEL_H

#include "../report/view.h"
#include "key.h"
#include "menu.h"
#include "prompt.h"
#include "screen.h"
#include "theme.h"
#include "units.h"

#define MODEL_MAX_COLUMNS 64

/* Where the frames come from, as far as the user must know it. */
enum mode {
	MODE_LIVE,
	MODE_REPLAY,
	MODE_DEMO,
};

/* What fills the screen. */
enum page {
	PAGE_CLIENTS,
	PAGE_DETAIL,		/* of one client */
	PAGE_PLOT,		/* of it, or of a device */
	PAGE_SETUP,
	PAGE_HELP,
	N_PAGES
};

/* Something to be done outside of the model, after the key that asked for it. */
enum request_kind {
	REQUEST_NONE,
	REQUEST_HURRY,		/* the next frame is due now */
	REQUEST_STEP,		/* so many frames on, or back */
	REQUEST_SEEK,		/* to so many hundredths of a percent of the recording */
	REQUEST_STAY,		/* where the way to such a place has come to */
	REQUEST_PACE,		/* what speed and delay_ns say now */
	REQUEST_REDRAW,		/* the terminal shows nothing of ours any more */
	REQUEST_SAVE,		/* what is set up, to the file */
	REQUEST_SIGNAL,		/* value to the target */
	REQUEST_ASK_NICE,	/* call model_ask_nice() with the target's nice value, and value */
	REQUEST_RENICE,		/* value is what the target is to have */
};

struct request {
	enum request_kind kind;
	int64_t value;
};

/* A process that something is to be done to. */
struct target {
	pid_t pid;
	uint64_t start_time;	/* so that nobody else is meant who has the number later */
	char name[48];		/* "42 (mpv)" */
};

struct model {
	struct view_options view;
	struct column columns[MODEL_MAX_COLUMNS];	/* asked for, "all engines" not yet expanded */
	size_t n_columns;
	bool default_columns;	/* nobody asked for them: what says nothing here may be left out */

	enum mode mode;
	bool waiting;		/* no frame came yet */
	bool ended;		/* no frame comes any more */
	bool seeking;		/* frames pass by on the way to a place in a recording */
	bool utf8;		/* else ASCII */
	bool privileged;	/* nobody sees more than we do, or it is not for us to see */
	bool reaches;		/* the processes are those of this machine, now */
	bool from_daemon;	/* MODE_LIVE: gputopd samples */
	unsigned int silence_s;	/* for how long it has said nothing, though it should have; 0: all is well */
	bool no_gpu;		/* this machine has neither a GPU device nor a driver for one */

	enum theme theme;
	enum units units;
	bool no_mouse;
	uint64_t saved_delay_ns;	/* delay_ns of the file, where this is a recording */
	char rcfile_error[256];	/* what is wrong in the file, which is not to be lost silently; "": nothing */
	size_t setup_line;	/* the marked one of the setup page */

	enum page page;
	struct menu menu;	/* over the page, if open */
	struct prompt prompt;	/* in the last row, if open */
	char message[160];	/* for the user, until the next key; "": none */
	struct request request;
	struct target target;

	struct filter filter;	/* view.filter, where it was entered here */
	char filter_before[FILTER_MAX_TEXT];
	char user[64];		/* view.users, where it was chosen here */
	const char *users[1];
	char search[PROMPT_SIZE];	/* what was looked for last */
	struct {
		ssize_t cursor;
		uint64_t selected;
	} before_search;

	bool paused;
	bool quit;
	int speed;		/* of a recording: two to the power of it */
	uint64_t delay_ns;	/* between frames; of a recording 0: its own */
	double share;		/* how much of a recording has passed, 0..1; NAN: not known */
	char gpu[64];		/* the selected device; "": none */
	struct client_key shown;	/* the client that pages are about */
	bool is_about_device;	/* the page of plots: about gpu, not about shown */
	size_t series;		/* there: from 1, that one alone; 0: all */
	size_t scroll;		/* lines of the page that are above the screen */
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
	size_t page_lines;	/* lines of the page, and how many of them fit */
	size_t page_rows;
	size_t n_series;	/* of the page of plots */
};

/* An empty model: cursor off, default columns. */
void model_init(struct model *m);

/*
 * One key: for the menu if one is open, else for the prompt, else whatever binding.h has for this page. Keys
 * nobody bound do nothing. Afterwards m->request is to be executed.
 */
void model_key(struct model *m, int key, const struct model_context *on);

/*
 * A click: on a key does what that does, on a column sorts, the other way round the second time, on a row or
 * device selects and then shows it, on an item of the menu chooses, beside the menu closes it.
 */
void model_click(struct model *m, struct spot spot, const struct model_context *on);

/* A new frame, or another size: the cursor stays with its client, the rows shown with the cursor. */
void model_settle(struct model *m, const struct model_context *on);

/* The cursor to that row, -1: nowhere, as near as there are rows; the rows shown follow. */
void model_move_to(struct model *m, const struct model_context *on, ssize_t row);

/* The row at the cursor; NULL: none. */
const struct view_row *model_selected(const struct model *m, const struct model_context *on);

/* Asks which nice value the target, which has @now, is to get; proposes one that differs by @by. */
void model_ask_nice(struct model *m, int now, int by);

void model_say(struct model *m, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
