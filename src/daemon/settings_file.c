/* SPDX-License-Identifier: MIT */
#include "settings.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <unistd.h>

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

int settings_read(struct settings *s, const char *file, bool is_optional, struct buf *errors)
{
	char pattern[PATH_MAX + 16];
	const char *slash = strrchr(file, '/');
	glob_t found = { 0 };
	int err = 0, one;

	if (!is_optional || access(file, F_OK) == 0 || errno != ENOENT)
		err = ini_file_read(file, take_key, s, errors);
	snprintf(pattern, sizeof(pattern), "%.*sconf.d/*.conf", slash ? (int)(slash + 1 - file) : 0, file);
	if (glob(pattern, 0, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc; i++) {
			one = ini_file_read(found.gl_pathv[i], take_key, s, errors);
			err = err ? err : one;
		}
	globfree(&found);
	return err;
}
