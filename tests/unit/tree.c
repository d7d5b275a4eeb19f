/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "tree.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void tree_make(char ret[static 64])
{
	snprintf(ret, 64, "/tmp/gputop-test-XXXXXX");
	assert_non_null(mkdtemp(ret));
	/* tests that drop their rights read it, too */
	assert_int_equal(chmod(ret, 0755), 0);
}

/* Valid until the next call. */
static const char *make_room(const char *root, const char *path)
{
	static char full[PATH_MAX];

	snprintf(full, sizeof(full), "%s/%s", root, path);
	for (char *slash = full + strlen(root); (slash = strchr(slash + 1, '/'));) {
		*slash = '\0';
		if (mkdir(full, 0755) < 0)
			assert_int_equal(errno, EEXIST);
		*slash = '/';
	}
	return full;
}

void tree_write(const char *root, const char *path, const void *bytes, size_t len)
{
	int fd = open(make_room(root, path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	close(fd);
}

void tree_link(const char *root, const char *path, const char *target)
{
	assert_int_equal(symlink(target, make_room(root, path)), 0);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void tree_remove(const char *root, const char *path)
{
	char full[PATH_MAX];

	snprintf(full, sizeof(full), "%s/%s", root, path);
	assert_int_equal(nftw(full, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}
