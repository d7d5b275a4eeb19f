/* SPDX-License-Identifier: MIT */
#include "fixture.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

#include "unit.h"

void file_read(const char *path, struct buf *ret)
{
	FILE *f = fopen(path, "re");
	char chunk[4096];
	size_t n;

	if (!f)
		fail_msg("cannot open %s", path);
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		buf_add(ret, chunk, n);
	assert_int_equal(ferror(f), 0);
	assert_int_equal(ret->err, 0);
	fclose(f);
}

void fixtures_read(struct fixture fixtures[static N_FIXTURES])
{
	const char *srcdir = getenv("top_srcdir");
	char pattern[512];
	glob_t found;

	snprintf(pattern, sizeof(pattern), "%s/tests/data/fdinfo/*.fdinfo", srcdir ? srcdir : ".");
	assert_int_equal(glob(pattern, 0, NULL, &found), 0);
	assert_int_equal(found.gl_pathc, N_FIXTURES);
	for (size_t i = 0; i < N_FIXTURES; i++) {
		fixtures[i] = (struct fixture){ 0 };
		snprintf(fixtures[i].path, sizeof(fixtures[i].path), "%s", found.gl_pathv[i]);
		file_read(fixtures[i].path, &fixtures[i].text);
	}
	globfree(&found);
}

void fixtures_done(struct fixture fixtures[static N_FIXTURES])
{
	for (size_t i = 0; i < N_FIXTURES; i++)
		buf_done(&fixtures[i].text);
}

struct str fixture_find(const struct fixture fixtures[static N_FIXTURES], const char *name)
{
	char end[128];

	snprintf(end, sizeof(end), "/%s.fdinfo", name);
	for (size_t i = 0; i < N_FIXTURES; i++)
		if (strstr(fixtures[i].path, end))
			return (struct str){ fixtures[i].text.ptr, fixtures[i].text.len };
	fail_msg("no fixture %s", name);
	return (struct str){ 0 };
}
