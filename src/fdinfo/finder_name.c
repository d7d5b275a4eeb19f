/* SPDX-License-Identifier: MIT */
#include "finder_walk.h"
#include "finders.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

static bool starts(const char *path, size_t len, const char *with)
{
	return len >= strlen(with) && memcmp(path, with, strlen(with)) == 0;
}

static bool is_node_path(const struct walk *w, const char *path, size_t len)
{
	/* other majors than the usual two (--major): nobody knows where their nodes are */
	for (size_t i = 0; i < w->env.n_majors; i++)
		if (w->env.majors[i] != PROC_DRM_MAJOR && w->env.majors[i] != PROC_ACCEL_MAJOR)
			return starts(path, len, "/dev/");
	return starts(path, len, "/dev/dri/") || starts(path, len, "/dev/accel/");
}

static enum look look_by_name(struct walk *w, const char *name, dev_t *ret)
{
	char room[WALK_PATH_MAX], path[16];
	ssize_t n = readlinkat(w->dirfd, walk_path(w, "fd", name, room), path, sizeof(path));

	w->env.proc->scan.syscalls[SYSCALL_READLINK]++;
	if (n < 0)
		return walk_look_of(-errno);
	if (!is_node_path(w, path, (size_t)n))
		return LOOK_NO;
	/* few come here: learn the node, and drop what else may lie in such a directory */
	return walk_stat(w, name, ret);
}

static int name_open(const struct finder_env *env, struct finder_why *why, void **ret)
{
	(void)why;
	return walk_new(env, "fd", look_by_name, ret);
}

const struct finder_ops finder_by_name = {
	.name = "name",
	.help = "readlink every descriptor, look for /dev/dri and /dev/accel; needs what stat needs",
	.open = name_open,
	.find = walk_find,
	.close = walk_close,
};
