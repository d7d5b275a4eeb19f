/* SPDX-License-Identifier: MIT */
/*
 * The command line, taken apart and checked. It does nothing and opens nothing.
 */
#ifndef GPUTOP_OPTIONS_H
#define GPUTOP_OPTIONS_H

#include "../fdinfo/number.h"
#include "../fdinfo/source.h"
#include "manual.h"
#include "model.h"
#include "output.h"

enum exit_code {
	EXIT_OK = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_NO_GPU = 3,	/* neither a GPU device nor a driver for one; an idle one is fine */
};

enum action {
	ACTION_RUN,
	ACTION_HELP,
	ACTION_VERSION,
	ACTION_LIST_FIELDS,
	ACTION_LIST_KEYS,
	ACTION_LIST_GPUS,
	ACTION_DOCTOR,
};

struct options {
	enum action action;
	enum manual_style style;		/* of lists */
	bool batch;
	bool once;
	bool no_mouse;
	enum theme theme;
	enum units units;
	char rcfile_error[256];		/* of the file, if it has one: see rcfile.h */
	bool report;			/* format was chosen */
	enum output_format format;
	uint64_t frames;		/* 0: no end */
	uint64_t delay_ns;
	bool has_delay;
	int width;			/* of batch text; 0: the terminal's, else wide */
	struct column columns[MODEL_MAX_COLUMNS];
	size_t n_columns;		/* 0: the usual ones */
	struct filter filter;
	struct view_options view;	/* its lists belong to the options */
	struct live_options live;	/* its majors too */
	const char *record;		/* "-": standard output */
	const char *replay;		/* "-": standard input */
	bool demo;
	const char *profiling;		/* "on", "off"; NULL: switches of drivers are left alone */
	const char *source;		/* socket of a daemon, "none": look here; NULL: what shows more */

	pid_t *pids;
	char *users;			/* the text that view.users points into */
	const char **user_list;
	unsigned int majors[FINDER_MAX_MAJORS];
	char error[256];		/* what was wrong: one line, without the program's name */
};

/* The defaults. */
void options_init(struct options *ret);

/*
 * One of those options that may be set up in a file, by its long name; "yes" and "no" for one without argument.
 * Returns 0, or -EINVAL with o->error set. Borrows nothing.
 */
int options_set(struct options *o, const char *name, const char *value);

/*
 * What the command line says, over what @ret says already. @ret borrows from @argv. Returns 0, or -EINVAL or
 * -ENOMEM with ret->error set. options_done() in any case.
 */
int options_parse(int argc, char *const argv[], struct options *ret);
void options_done(struct options *o);

/* True if somebody is to look at frames as they come, on a terminal. */
bool options_are_for_screen(const struct options *o);

/* What -h prints. */
void options_help(const char *program, struct buf *out);

#endif
