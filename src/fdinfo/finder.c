/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "finder.h"

#include <errno.h>
#include <stdlib.h>
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

int finder_new(const char *name, const struct finder_env *env, struct finder **ret)
{
	bool is_auto = strcmp(name, "auto") == 0;
	int err = -ENOENT;

	for (const struct finder_ops *const *ops = finders; *ops; ops++) {
		struct finder *f;

		if (!is_auto && strcmp(name, (*ops)->name) != 0)
			continue;
		f = malloc(sizeof(*f));
		if (!f)
			return -ENOMEM;
		f->ops = *ops;
		err = f->ops->open(env, &f->state);
		if (!err) {
			*ret = f;
			return 0;
		}
		free(f);
	}
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
