/* SPDX-License-Identifier: MIT */
/*
 * What the daemon is told: the table of keys, which a configuration file and the command line both follow,
 * and the values. It does not know what is done with them.
 */
#ifndef GPUTOPD_SETTINGS_H
#define GPUTOPD_SETTINGS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "../fdinfo/buf.h"
#include "../fdinfo/finder.h"
#include "../report/field.h"

#define SETTINGS_MAX_COLUMNS 64
#define SETTINGS_FILE "/etc/gputop/gputopd.conf"

/* A file that frames are written to; not every kind uses all of it. */
struct file_settings {
	char file[PATH_MAX];		/* "": none */
	uint64_t interval_ns;		/* 0: every frame */
	bool idle;			/* idle clients too */
	uint64_t max_size;		/* bytes; a file that has reached it makes room for a new one */
	uint64_t max_files;		/* old ones that are kept */
	struct column columns[SETTINGS_MAX_COLUMNS];
	size_t n_columns;
};

struct settings {
	uint64_t interval_ns;		/* between samples */
	char finder[32];
	char proc[PATH_MAX];
	char sys[PATH_MAX];
	unsigned int majors[FINDER_MAX_MAJORS];
	size_t n_majors;		/* 0: those of /proc/devices */

	struct file_settings textfile;
	struct file_settings json;
	struct file_settings csv;

	bool per_client;		/* metrics of each client */
	uint64_t max_clients;
	uint64_t max_groups;

	char socket[PATH_MAX];		/* "": none */
	char group[64];			/* whose members see everything */
	uint64_t max_viewers;
	uint64_t timeout_ns;		/* so long a viewer may read nothing */

	bool is_check;			/* it is wrong to name a group that does not exist */
};

struct setting {
	const char *section;
	const char *key;
	const char *arg;		/* of the help text */
	const char *help;
	/* 0, or -EINVAL with @why (of @size) saying what is wrong with @value. */
	int (*set)(void *field, const char *value, char *why, size_t size);
	size_t offset;			/* of the field in struct settings */
	size_t size;
	bool at_start;			/* a reload does not change it */
};

extern const struct setting settings_table[];
extern const size_t n_settings;

void settings_init(struct settings *s);

/* NULL if there is no such key. */
const struct setting *settings_find(const char *section, const char *key);

/* The long option of @key: "interval", "json-file". */
void settings_option(const struct setting *row, char *ret, size_t size);

/*
 * Reads @file, and the files *.conf in the directory conf.d beside it in the order of their names, each
 * overriding the ones before. Returns 0, or the first -errno with a line in @errors for everything that is wrong:
 * -EINVAL, "FILE:LINE: what", for what a file says, else of reading; then @s has only what was right.
 * @is_optional: that there is no @file is fine.
 */
int settings_read(struct settings *s, const char *file, bool is_optional, struct buf *errors);

/* What no single key can tell: -EINVAL with a line in @errors for every two files that are one. */
int settings_check(const struct settings *s, struct buf *errors);

/* True if a key that is for the start alone differs; its name in @ret. */
bool settings_needs_restart(const struct settings *now, const struct settings *next, const char **ret);

#endif
