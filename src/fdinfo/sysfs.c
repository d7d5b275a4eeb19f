/* SPDX-License-Identifier: MIT */
#include "sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int join(char path[static PATH_MAX], const char *dir, const char *name)
{
	return snprintf(path, PATH_MAX, "%s/%s", dir, name) < PATH_MAX ? 0 : -ENAMETOOLONG;
}

int sysfs_read(const char *dir, const char *name, char *ret, size_t size)
{
	char path[PATH_MAX];
	int fd, err = join(path, dir, name);
	ssize_t n;

	ret[0] = '\0';
	if (err)
		return err;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	do
		n = read(fd, ret, size - 1);
	while (n < 0 && errno == EINTR);
	err = n < 0 ? -errno : 0;
	close(fd);
	ret[n < 0 ? 0 : n] = '\0';
	ret[strcspn(ret, "\n")] = '\0';
	return err;
}

int sysfs_link(const char *dir, const char *name, char *ret, size_t size)
{
	char path[PATH_MAX], target[PATH_MAX];
	int err = join(path, dir, name);
	const char *base;
	ssize_t n;

	ret[0] = '\0';
	if (err)
		return err;
	n = readlink(path, target, sizeof(target) - 1);
	if (n < 0)
		return -errno;
	target[n] = '\0';
	base = strrchr(target, '/');
	base = base ? base + 1 : target;
	if (strlen(base) >= size)
		return -ENAMETOOLONG;
	memcpy(ret, base, strlen(base) + 1);
	return 0;
}
