/* SPDX-License-Identifier: MIT */
#include "bench_arm.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "../now.h"

struct finder_arm {
	const struct arm_env *env;
	struct proc proc;
	struct devices *devices;
	struct finder_env finder_env;
	struct finder *finder;
	struct arm_pass *pass;	/* the one under way */
};

void arm_count(const struct arm_env *env, pid_t pid, struct str text, struct arm_pass *ret)
{
	if (env->fleet && !fleet_has(env->fleet, pid))
		return;
	ret->holders++;
	if (text.ptr && memmem(text.ptr, text.len, "drm-driver:", 11))
		ret->usages++;
}

static int count_holder(void *arg, const struct holder *h)
{
	struct finder_arm *a = arg;

	arm_count(a->env, h->pid, h->text, a->pass);
	return 0;
}

static void finder_arm_close(void *state)
{
	struct finder_arm *a = state;

	finder_free(a->finder);
	devices_free(a->devices);
	proc_done(&a->proc);
	free(a);
}

static int finder_arm_init(struct finder_arm *a, const char *name)
{
	int err = proc_init(&a->proc, a->env->proc);

	if (!err)
		err = devices_new(a->env->sys, &a->devices);
	if (err)
		return err;
	a->finder_env = (struct finder_env){ .proc = &a->proc, .devices = a->devices,
					       .stale_ns = a->env->stale_ns, .sys = a->env->sys };
	memcpy(a->finder_env.majors, a->env->majors, sizeof(a->env->majors));
	a->finder_env.n_majors = a->env->n_majors;
	return finder_new(name, &a->finder_env, NULL, &a->finder);
}

static int finder_arm_open(const struct arm_env *env, const char *name, void **ret)
{
	struct finder_arm *a = calloc(1, sizeof(*a));
	int err;

	if (!a)
		return -ENOMEM;
	a->env = env;
	a->proc.fd = -1;
	err = finder_arm_init(a, name);
	if (err)
		finder_arm_close(a);
	else
		*ret = a;
	return err;
}

static int finder_arm_pass(void *state, struct arm_pass *ret)
{
	struct finder_arm *a = state;
	int err = devices_refresh(a->devices);

	if (err == -ENOMEM)
		return err;
	a->pass = ret;
	a->proc.scan = (struct scan){ 0 };
	err = finder_find(a->finder, count_holder, a);
	ret->scan = a->proc.scan;
	return err;
}

const struct arm_ops arm_finder = {
	.name = "finder",
	.sees = ARM_HOLDERS,
	.is_counted = true,
	.has_cold = true,
	.open = finder_arm_open,
	.pass = finder_arm_pass,
	.close = finder_arm_close,
};

int arm_open(struct arm *a, const struct arm_env *env)
{
	return a->ops->open(env, a->name, &a->state);
}

void arm_close(struct arm *a)
{
	if (a->state)
		a->ops->close(a->state);
	a->state = NULL;
}

static uint64_t count_faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return (uint64_t)usage.ru_minflt;
}

/* Opens first where @env is given. */
static int measure(struct arm *a, const struct arm_env *env, struct arm_pass *ret)
{
	struct arm_pass pass = { .faults = count_faults() };
	uint64_t cpu_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID), start_ns = now_ns();
	int err = env ? arm_open(a, env) : 0;

	if (!err)
		err = a->ops->pass(a->state, &pass);
	if (err)
		return err;
	pass.start_ns = start_ns;
	pass.wall_ns = now_ns() - start_ns;
	pass.cpu_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID) - cpu_ns;
	pass.faults = count_faults() - pass.faults;
	*ret = pass;
	return 0;
}

int arm_pass(struct arm *a, struct arm_pass *ret)
{
	return measure(a, NULL, ret);
}

int arm_cold_pass(struct arm *a, const struct arm_env *env, struct arm_pass *ret)
{
	int err = measure(a, env, ret);

	arm_close(a);
	return err;
}
