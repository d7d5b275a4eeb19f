/* SPDX-License-Identifier: MIT */
#include "ini_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <ini.h>

struct reading {
	FILE *file;
	const char *path;
	ini_file_take *take;
	void *arg;
	unsigned int line;
	unsigned int bad_line;	/* the first that was wrong */
	int err;		/* of reading */
	char *error;
	size_t size;
};

static void fail(struct reading *r, unsigned int line, const char *why)
{
	if (r->bad_line && r->bad_line <= line)
		return;
	r->bad_line = line;
	snprintf(r->error, r->size, "%s:%u: %s", r->path, line, why);
}

static int take_line(void *arg, const char *section, const char *name, const char *value)
{
	struct reading *r = arg;
	char why[512];

	/* inih goes on after a line that was wrong */
	if (!r->bad_line && r->take(r->arg, section, name, value, why, sizeof(why)))
		fail(r, r->line, why);
	return !r->bad_line;
}

/*
 * For inih, which would take a line that begins with a blank for more of the value before, and one that is too
 * long for two.
 */
static char *read_line(char *line, int size, void *arg)
{
	struct reading *r = arg;
	size_t blanks;

	if (!fgets(line, size, r->file)) {
		r->err = ferror(r->file) ? -errno : 0;
		return NULL;
	}
	r->line++;
	if (!strchr(line, '\n') && !feof(r->file)) {
		fail(r, r->line, "the line is too long");
		return NULL;
	}
	blanks = strspn(line, " \t");
	memmove(line, line + blanks, strlen(line + blanks) + 1);
	return line;
}

int ini_file_read(const char *path, ini_file_take *take, void *arg, char *error, size_t size)
{
	struct reading r = {
		.file = fopen(path, "re"), .path = path, .take = take, .arg = arg, .error = error, .size = size,
	};
	int bad;

	if (!r.file) {
		r.err = -errno;
	} else {
		bad = ini_parse_stream(read_line, &r, take_line, &r);
		/* 0, or the first line that was wrong, whoever said so; -2: out of memory, where inih allocates */
		if (bad > 0)
			fail(&r, (unsigned int)bad, "not name = value");
		else if (bad < 0 && !r.err)
			r.err = -ENOMEM;
		(void)fclose(r.file);
	}
	if (!r.err)
		return r.bad_line ? -EINVAL : 0;
	snprintf(error, size, "%s: %s", path, strerror(-r.err));
	return r.err;
}
