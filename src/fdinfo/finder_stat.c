/* SPDX-License-Identifier: MIT */
#include "finder_walk.h"
#include "finders.h"

static int stat_open(const struct finder_env *env, struct finder_why *why, void **ret)
{
	(void)why;
	return walk_new(env, "fd", walk_stat, ret);
}

const struct finder_ops finder_by_stat = {
	.name = "stat",
	.help = "statx every descriptor; needs CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH for others' processes",
	.open = stat_open,
	.find = walk_find,
	.close = walk_close,
};
