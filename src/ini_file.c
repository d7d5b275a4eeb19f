/* SPDX-License-Identifier: MIT */
#include "ini_file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <ini.h>

struct reading {
	FILE *file;
	const char *path;
	ini_file_take *take;
	void *arg;
	unsigned int line;
	bool is_pending;	/* nobody has said yet what the line is */
	bool is_wrong;
	int err;		/* of reading */
	struct buf *errors;
};

static void fail(struct reading *r, unsigned int line, const char *why)
{
	r->is_wrong = true;
	buf_printf(r->errors, "%s:%u: %s\n", r->path, line, why);
}

static int take_line(void *arg, const char *section, const char *name, const char *value)
{
	struct reading *r = arg;
	char why[512];

	r->is_pending = false;
	if (r->take(r->arg, section, name, value, why, sizeof(why)))
		fail(r, r->line, why);
	return 1;
}

/* As inih sees it: what is neither of these is for take_line(), or is nothing at all. */
static bool is_blank_comment_or_section(const char *line)
{
	line += strspn(line, "\r\n\v\f");
	return !*line || *line == '#' || *line == ';' || (*line == '[' && strchr(line, ']'));
}

/*
 * For inih, which would take a line that begins with a blank for more of the value before, and one that is too
 * long for two, and which tells of the lines that are nothing only the first.
 */
static char *read_line(char *line, int size, void *arg)
{
	struct reading *r = arg;
	int c;

	if (r->is_pending)
		fail(r, r->line, "not name = value");
	r->is_pending = false;
	if (!fgets(line, size, r->file)) {
		r->err = ferror(r->file) ? -errno : 0;
		return NULL;
	}
	r->line++;
	if (!strchr(line, '\n') && !feof(r->file)) {
		fail(r, r->line, "the line is too long");
		do
			c = getc(r->file);
		while (c != '\n' && c != EOF);
		*line = '\0';
	}
	/* the first may have a byte order mark */
	c = (int)strspn(line, r->line == 1 ? "\xef\xbb\xbf \t" : " \t");
	memmove(line, line + c, strlen(line + c) + 1);
	r->is_pending = !is_blank_comment_or_section(line);
	return line;
}

int ini_file_read(const char *path, ini_file_take *take, void *arg, struct buf *errors)
{
	struct reading r = {
		.file = fopen(path, "re"), .path = path, .take = take, .arg = arg, .errors = errors,
	};
	int bad;

	if (!r.file) {
		r.err = -errno;
	} else {
		bad = ini_parse_stream(read_line, &r, take_line, &r);
		/* 0, or the first line that is nothing; -2: out of memory, where inih allocates */
		if (bad > 0 && !r.is_wrong)
			fail(&r, (unsigned int)bad, "not name = value");
		else if (bad < 0 && !r.err)
			r.err = -ENOMEM;
		(void)fclose(r.file);
	}
	if (!r.err)
		return r.is_wrong ? -EINVAL : 0;
	buf_printf(errors, "%s: %s\n", path, strerror(-r.err));
	return r.err;
}
