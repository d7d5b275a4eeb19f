/* SPDX-License-Identifier: MIT */
#include "settings.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>

#include <ini.h>

struct reading {
	struct settings *settings;
	struct settings_error *error;
	const char *path;
	FILE *file;
	unsigned int line;
	unsigned int bad_line;	/* the first that was wrong */
	int err;
};

static void fail(struct reading *r, const char *section, const char *key, const char *what)
{
	if (r->err)
		return;
	r->err = -EINVAL;
	r->bad_line = r->line;
	snprintf(r->error->text, sizeof(r->error->text), "%s:%u: %.64s%s%.64s%s%s", r->path, r->line, section,
		 *section ? "." : "", key, *key ? ": " : "", what);
}

static int take_key(void *arg, const char *section, const char *key, const char *value)
{
	struct reading *r = arg;
	const struct setting *row = settings_find(section, key);
	char why[256];

	if (!row)
		fail(r, section, key, "no such key");
	else if (row->set((char *)r->settings + row->offset, value, why, sizeof(why)))
		fail(r, section, key, why);
	return !r->err;
}

/*
 * A line for inih, which would take one that begins with a blank for more of the value before, and one
 * that is too long for two.
 */
static char *read_line(char *line, int size, void *arg)
{
	struct reading *r = arg;
	size_t blanks;

	if (!fgets(line, size, r->file))
		return NULL;
	r->line++;
	if (!strchr(line, '\n') && !feof(r->file)) {
		fail(r, "", "", "the line is too long");
		return NULL;
	}
	blanks = strspn(line, " \t");
	memmove(line, line + blanks, strlen(line + blanks) + 1);
	return line;
}

static int read_file(struct settings *s, const char *path, struct settings_error *error)
{
	struct reading r = { .settings = s, .error = error, .path = path, .file = fopen(path, "re") };
	int bad;

	if (!r.file) {
		r.err = -errno;
		snprintf(error->text, sizeof(error->text), "%s: %s", path, strerror(errno));
		return r.err;
	}
	bad = ini_parse_stream(read_line, &r, take_key, &r);
	if (ferror(r.file) && !r.err) {
		r.err = -EIO;
		snprintf(error->text, sizeof(error->text), "%s: %s", path, strerror(errno));
	}
	(void)fclose(r.file);
	/* inih counts lines as it gets them, and goes on after an error: the first counts */
	if (bad > 0 && (!r.err || (unsigned int)bad < r.bad_line)) {
		r.line = (unsigned int)bad;
		r.err = 0;
		fail(&r, "", "", "neither [section] nor key = value");
	}
	return r.err;
}

int settings_read(struct settings *s, const char *file, struct settings_error *error)
{
	char pattern[PATH_MAX + 16];
	const char *slash = strrchr(file, '/');
	glob_t found = { 0 };
	int err = read_file(s, file, error);

	if (err)
		return err;
	snprintf(pattern, sizeof(pattern), "%.*sconf.d/*.conf", slash ? (int)(slash + 1 - file) : 0, file);
	if (glob(pattern, 0, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc && !err; i++)
			err = read_file(s, found.gl_pathv[i], error);
	globfree(&found);
	return err;
}
