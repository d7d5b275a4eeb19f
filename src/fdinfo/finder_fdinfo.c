/* SPDX-License-Identifier: MIT */
#include "finder_walk.h"
#include "finders.h"

static enum look look_by_text(struct walk *w, const char *name, dev_t *ret)
{
	/* reading could wake a device: find out first whose text it is */
	return w->any_asleep ? walk_stat(w, name, ret) : LOOK_TEXT;
}

static int fdinfo_open(const struct finder_env *env, struct finder_why *why, void **ret)
{
	(void)why;
	return walk_new(env, "fdinfo", look_by_text, ret);
}

const struct finder_ops finder_by_fdinfo = {
	.name = "fdinfo",
	.help = "read every fdinfo; needs CAP_SYS_PTRACE for others' processes",
	.open = fdinfo_open,
	.find = walk_find,
	.close = walk_close,
};
