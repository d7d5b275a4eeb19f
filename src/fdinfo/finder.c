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
	&finder_by_procgpu,
	&finder_by_drmlist,
#ifdef HAVE_BPF
	&finder_by_bpf,
#endif
	&finder_by_cache,
	&finder_by_stat,
	&finder_by_fdinfo,
	&finder_by_name,
	NULL
};

struct finder {
	const struct finder_env *env;
	bool is_auto;
	const struct finder_ops *ops;
	void *state;
	char passed_over[sizeof(((struct scan *)NULL)->passed_over)];
};

int finder_refuse(struct finder_why *why, int err, const char *reason, const char *remedy)
{
	snprintf(why->reason, sizeof(why->reason), "%s", reason);
	snprintf(why->remedy, sizeof(why->remedy), "%s", remedy ? remedy : "");
	return err;
}

static int open_by(struct finder *f, const struct finder_ops *ops, const struct finder_env *env,
		   struct finder_why *why)
{
	int err;

	*why = (struct finder_why){ 0 };
	err = ops->open(env, why, &f->state);
	if (!err)
		f->ops = ops;
	else if (!*why->reason)
		finder_refuse(why, err, strerrordesc_np(-err), NULL);
	return err;
}

static void pass_over(struct finder *f, const char *name, const char *reason)
{
	size_t len = strlen(f->passed_over);

	snprintf(f->passed_over + len, sizeof(f->passed_over) - len, "%s%s: %s", len ? "; " : "", name, reason);
}

static int open_cheapest(struct finder *f, struct finder_why *why)
{
	const struct finder_env *env = f->env;
	int err = -ENOENT;

	for (const struct finder_ops *const *ops = finders; err && *ops; ops++) {
		if (env->n_passes && env->n_passes < (*ops)->min_passes)
			finder_refuse(why, err, "its start takes longer than so few passes save", NULL);
		else
			err = open_by(f, *ops, env, why);
		if (err)
			pass_over(f, (*ops)->name, why->reason);
	}
	return err;
}

static int open_named(struct finder *f, const char *name, const struct finder_env *env, struct finder_why *why)
{
	for (const struct finder_ops *const *ops = finders; *ops; ops++)
		if (strcmp(name, (*ops)->name) == 0)
			return open_by(f, *ops, env, why);
	return finder_refuse(why, -ENOENT, "there is no such finder", NULL);
}

int finder_new(const char *name, const struct finder_env *env, struct finder_why *why, struct finder **ret)
{
	struct finder *f = calloc(1, sizeof(*f));
	struct finder_why unasked;
	int err;

	if (!why)
		why = &unasked;
	if (!f)
		return finder_refuse(why, -ENOMEM, strerrordesc_np(ENOMEM), NULL);
	f->env = env;
	f->is_auto = strcmp(name, "auto") == 0;
	err = f->is_auto ? open_cheapest(f, why) : open_named(f, name, env, why);
	if (err)
		free(f);
	else
		*ret = f;
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

const char *finder_passed_over(const struct finder *f)
{
	return f->passed_over;
}

int finder_find(struct finder *f, finder_emit *emit, void *arg)
{
	struct finder next = { .env = f->env, .is_auto = true };
	struct finder_why why = { 0 };
	int err = f->ops->find(f->state, emit, arg);

	/* such as a kernel module that was removed: nothing was emitted */
	if (err != -ENODEV || !f->is_auto || open_cheapest(&next, &why))
		return err;
	f->ops->close(f->state);
	*f = next;
	return f->ops->find(f->state, emit, arg);
}

bool finder_env_has_major(const struct finder_env *env, dev_t rdev)
{
	for (size_t i = 0; i < env->n_majors; i++)
		if (env->majors[i] == major(rdev))
			return true;
	return false;
}
