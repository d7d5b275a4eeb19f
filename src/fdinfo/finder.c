/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "finder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "finders.h"

const struct finder_ops *const finders[] = {
	&finder_by_cache,
	&finder_by_stat,
#ifdef HAVE_BPF
	&finder_by_bpf,
#endif
	&finder_by_procgpu,
	&finder_by_name,
	&finder_by_fdinfo,
	NULL
};

struct finder {
	const struct finder_ops *ops;
	void *state;
};

int finder_refuse(struct finder_why *why, int err, const char *reason, const char *remedy)
{
	snprintf(why->reason, sizeof(why->reason), "%s", reason);
	snprintf(why->remedy, sizeof(why->remedy), "%s", remedy ? remedy : "");
	return err;
}

static int open_finder(const struct finder_ops *ops, const struct finder_env *env, struct finder_why *why,
		       struct finder **ret)
{
	struct finder *f = malloc(sizeof(*f));
	int err;

	if (!f)
		return -ENOMEM;
	f->ops = ops;
	*why = (struct finder_why){ 0 };
	err = ops->open(env, why, &f->state);
	if (!err) {
		*ret = f;
		return 0;
	}
	free(f);
	if (!*why->reason)
		finder_refuse(why, err, strerrordesc_np(-err), NULL);
	return err;
}

int finder_new(const char *name, const struct finder_env *env, struct finder_why *why, struct finder **ret)
{
	bool is_auto = strcmp(name, "auto") == 0;
	struct finder_why unasked;
	int err = -ENOENT;

	if (!why)
		why = &unasked;
	finder_refuse(why, err, "there is no such finder", NULL);
	for (const struct finder_ops *const *ops = finders; err && *ops; ops++)
		if (is_auto || strcmp(name, (*ops)->name) == 0)
			err = open_finder(*ops, env, why, ret);
	return err;
}

void finder_free(struct finder *f)
{
	if (f)
		f->ops->close(f->state);
	free(f);
}

const char *finder_name(const struct finder *f)
{
	return f->ops->name;
}

int finder_find(struct finder *f, finder_emit *emit, void *arg)
{
	return f->ops->find(f->state, emit, arg);
}

bool finder_env_has_major(const struct finder_env *env, dev_t rdev)
{
	for (size_t i = 0; i < env->n_majors; i++)
		if (env->majors[i] == major(rdev))
			return true;
	return false;
}
