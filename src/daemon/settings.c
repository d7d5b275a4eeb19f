/* SPDX-License-Identifier: MIT */
#include "settings.h"

#include <errno.h>
#include <grp.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "../fdinfo/number.h"
#include "../fdinfo/parse.h"
#include "../fdinfo/source.h"
#include "../report/openmetrics.h"

#define DEFAULT_FIELDS "pid,user,gpu,id,busy,memory,cgroup,comm"
#define MIB (1ULL << 20)

void settings_init(struct settings *s)
{
	static const struct file_settings history = {
		.interval_ns = 10 * NSEC_PER_SEC, .idle = true, .max_size = 64 * MIB, .max_files = 4,
	};
	struct str bad;

	*s = (struct settings){
		.interval_ns = NSEC_PER_SEC, .finder = "auto", .proc = "/proc", .sys = "/sys",
		.json = history, .csv = history,
		.max_clients = OPENMETRICS_MAX_CLIENTS, .max_groups = TOTALS_MAX_GROUPS,
		.socket = SOURCE_SOCKET, .group = "gputop", .max_viewers = 256, .timeout_ns = 10 * NSEC_PER_SEC,
	};
	s->csv.n_columns = (size_t)columns_parse(DEFAULT_FIELDS, s->csv.columns, SETTINGS_MAX_COLUMNS, &bad);
}

static int wrong(char *why, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

static int wrong(char *why, size_t size, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(why, size, format, ap);
	va_end(ap);
	return -EINVAL;
}

#define SETTER(name) static int name(void *field, const char *value, char *why, size_t size)

SETTER(set_seconds)
{
	switch (parse_seconds(value, field)) {
	case 0:
		return 0;
	case -ERANGE:
		return wrong(why, size, "%.40s seconds is out of range (0.01 to 86400)", value);
	default:
		return wrong(why, size, "'%.80s' is not a number of seconds", value);
	}
}

SETTER(set_bool)
{
	bool yes = strcmp(value, "yes") == 0;

	if (!yes && strcmp(value, "no") != 0)
		return wrong(why, size, "'%.80s' is neither yes nor no", value);
	*(bool *)field = yes;
	return 0;
}

SETTER(set_size)
{
	uint64_t n;

	if (!parse_count(str_of(value), units_bytes, &n))
		return wrong(why, size, "'%.80s' is not a size, such as 64 MiB", value);
	if (n < 4096)
		return wrong(why, size, "%.80s is too small (4 KiB at least)", value);
	*(uint64_t *)field = n;
	return 0;
}

SETTER(set_count)
{
	return parse_number(str_of(value), 1, 1000000, field) ?
		wrong(why, size, "'%.80s' is not a number from 1 to 1000000", value) : 0;
}

/* "none" is how a file further back is switched off. */
SETTER(set_path)
{
	if (strcmp(value, "none") == 0)
		value = "";
	else if (value[0] != '/')
		return wrong(why, size, "'%.80s' is not an absolute path", value);
	if (strlen(value) >= PATH_MAX - 16)
		return wrong(why, size, "the path is too long");
	memcpy(field, value, strlen(value) + 1);
	return 0;
}

SETTER(set_directory)
{
	if (value[0] != '/')
		return wrong(why, size, "'%.80s' is not an absolute path", value);
	return set_path(field, value, why, size);
}

SETTER(set_group)
{
	const struct settings *s = (const struct settings *)((const char *)field - offsetof(struct settings, group));

	if (strlen(value) >= sizeof(s->group) || !*value)
		return wrong(why, size, "'%.80s' is not the name of a group", value);
	if (s->is_check && !getgrnam(value))
		return wrong(why, size, "there is no group '%s'", value);
	memcpy(field, value, strlen(value) + 1);
	return 0;
}

SETTER(set_finder)
{
	const struct finder_ops *const *f = finders;

	while (*f && strcmp((*f)->name, value) != 0)
		f++;
	if (!*f && strcmp(value, "auto") != 0)
		return wrong(why, size, "no such finder '%.80s'", value);
	snprintf(field, sizeof(((struct settings *)NULL)->finder), "%s", *f ? (*f)->name : "auto");
	return 0;
}

SETTER(set_majors)
{
	struct settings *s = (struct settings *)((char *)field - offsetof(struct settings, majors));
	size_t n = 0;

	do {
		struct str part = { value, strcspn(value, ",") };
		uint64_t major;

		if (n == FINDER_MAX_MAJORS)
			return wrong(why, size, "more than %d majors", FINDER_MAX_MAJORS);
		if (parse_number(part, 0, UINT32_MAX, &major))
			return wrong(why, size, "'%.40s' is not a list of device majors", value);
		s->majors[n++] = (unsigned int)major;
		value += part.len;
	} while (*value++ == ',');
	s->n_majors = n;
	return 0;
}

SETTER(set_fields)
{
	struct file_settings *f = (struct file_settings *)((char *)field -
							   offsetof(struct file_settings, columns));
	struct column columns[SETTINGS_MAX_COLUMNS];
	struct str bad;
	int n = columns_parse(value, columns, SETTINGS_MAX_COLUMNS, &bad);

	if (n == -ENOENT)
		return wrong(why, size, "no such field '%.*s' (see gputop --list-fields)",
			     bad.len < 80 ? (int)bad.len : 80, bad.ptr);
	if (n < 0)
		return wrong(why, size, "more than %d fields", SETTINGS_MAX_COLUMNS);
	memcpy(f->columns, columns, (size_t)n * sizeof(columns[0]));
	f->n_columns = (size_t)n;
	return 0;
}

#define FIELD(member) offsetof(struct settings, member), sizeof(((struct settings *)NULL)->member)

const struct setting settings_table[] = {
	{ "gputopd", "interval", "SECONDS", "time between samples (1)", set_seconds, FIELD(interval_ns), false },
	{ "gputopd", "finder", "NAME", "how to find who holds a GPU (auto)", set_finder, FIELD(finder), true },
	{ "gputopd", "proc", "DIR", "procfs to read (/proc)", set_directory, FIELD(proc), true },
	{ "gputopd", "sys", "DIR", "sysfs to read (/sys)", set_directory, FIELD(sys), true },
	{ "gputopd", "major", "N,...", "device majors to look for (those of drm and accel)", set_majors,
	  FIELD(majors), true },
	{ "textfile", "file", "FILE", "metrics for Prometheus, replaced each time (none)", set_path,
	  FIELD(textfile.file), false },
	{ "textfile", "interval", "SECONDS", "time between them (every sample)", set_seconds,
	  FIELD(textfile.interval_ns), false },
	{ "metrics", "per_client", "yes|no", "also series of each client (no)", set_bool,
	  FIELD(per_client), false },
	{ "metrics", "max_clients", "N", "clients that get such series (1000)", set_count,
	  FIELD(max_clients), false },
	{ "metrics", "max_groups", "N", "users and control groups with series of their own (100)", set_count,
	  FIELD(max_groups), true },
	{ "json", "file", "FILE", "a JSON object per line and frame, appended (none)", set_path,
	  FIELD(json.file), false },
	{ "json", "interval", "SECONDS", "time between frames (10)", set_seconds, FIELD(json.interval_ns), false },
	{ "json", "idle", "yes|no", "idle clients too (yes)", set_bool, FIELD(json.idle), false },
	{ "json", "max_size", "SIZE", "size at which a new file begins (64 MiB)", set_size,
	  FIELD(json.max_size), false },
	{ "json", "max_files", "N", "old files that are kept (4)", set_count, FIELD(json.max_files), false },
	{ "csv", "file", "FILE", "a row per client and frame, appended (none)", set_path, FIELD(csv.file), false },
	{ "csv", "interval", "SECONDS", "time between frames (10)", set_seconds, FIELD(csv.interval_ns), false },
	{ "csv", "idle", "yes|no", "idle clients too (yes)", set_bool, FIELD(csv.idle), false },
	{ "csv", "fields", "FIELD,...", "columns (" DEFAULT_FIELDS ")", set_fields, FIELD(csv.columns), false },
	{ "csv", "max_size", "SIZE", "size at which a new file begins (64 MiB)", set_size,
	  FIELD(csv.max_size), false },
	{ "csv", "max_files", "N", "old files that are kept (4)", set_count, FIELD(csv.max_files), false },
	{ "socket", "path", "PATH", "where viewers connect; none: nowhere (" SOURCE_SOCKET ")", set_path,
	  FIELD(socket), true },
	{ "socket", "group", "NAME", "whose members see everybody's clients, as root does (gputop)", set_group,
	  FIELD(group), false },
	{ "socket", "max_viewers", "N", "at the same time (256)", set_count, FIELD(max_viewers), false },
	{ "socket", "timeout", "SECONDS", "a viewer that reads nothing for so long is disconnected (10)",
	  set_seconds, FIELD(timeout_ns), false },
};

const size_t n_settings = N_OF(settings_table);

const struct setting *settings_find(const char *section, const char *key)
{
	for (size_t i = 0; i < n_settings; i++)
		if (strcmp(settings_table[i].section, section) == 0 &&
		    strcmp(settings_table[i].key, key) == 0)
			return &settings_table[i];
	return NULL;
}

void settings_option(const struct setting *row, char *ret, size_t size)
{
	if (strcmp(row->section, "gputopd") == 0)
		snprintf(ret, size, "%s", row->key);
	else
		snprintf(ret, size, "%s-%s", row->section, row->key);
	for (; *ret; ret++)
		if (*ret == '_')
			*ret = '-';
}

int settings_check(const struct settings *s, struct buf *errors)
{
	const char *files[] = { s->textfile.file, s->json.file, s->csv.file, s->socket };
	static const char *const names[] = { "textfile.file", "json.file", "csv.file", "socket.path" };
	int err = 0;

	for (size_t i = 0; i < 4; i++)
		for (size_t k = 0; k < i; k++)
			if (*files[i] && strcmp(files[i], files[k]) == 0) {
				buf_printf(errors, "%s and %s are the same file: %s\n", names[k], names[i], files[i]);
				err = -EINVAL;
			}
	return err;
}

bool settings_needs_restart(const struct settings *now, const struct settings *next, const char **ret)
{
	for (size_t i = 0; i < n_settings; i++) {
		const struct setting *row = &settings_table[i];

		if (row->at_start && memcmp((const char *)now + row->offset, (const char *)next + row->offset,
					    row->size) != 0) {
			*ret = row->key;
			return true;
		}
	}
	return false;
}
