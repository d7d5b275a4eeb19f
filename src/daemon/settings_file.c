/* SPDX-License-Identifier: MIT */
#include "settings.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>

#include "../ini_file.h"

static int take_key(void *arg, const char *section, const char *key, const char *value, char *why, size_t size)
{
	const struct setting *row = settings_find(section, key);
	char what[256] = "no such key";

	if (row && row->set((char *)arg + row->offset, value, what, sizeof(what)) == 0)
		return 0;
	snprintf(why, size, "%.64s%s%.64s: %s", section, *section ? "." : "", key, what);
	return -EINVAL;
}

static int read_file(struct settings *s, const char *path, struct settings_error *error)
{
	return ini_file_read(path, take_key, s, error->text, sizeof(error->text));
}

int settings_read(struct settings *s, const char *file, bool is_optional, struct settings_error *error)
{
	char pattern[PATH_MAX + 16];
	const char *slash = strrchr(file, '/');
	glob_t found = { 0 };
	int err = read_file(s, file, error);

	if (err == -ENOENT && is_optional)
		err = 0;
	if (err)
		return err;
	snprintf(pattern, sizeof(pattern), "%.*sconf.d/*.conf", slash ? (int)(slash + 1 - file) : 0, file);
	if (glob(pattern, 0, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc && !err; i++)
			err = read_file(s, found.gl_pathv[i], error);
	globfree(&found);
	return err;
}
