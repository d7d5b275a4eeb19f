/* SPDX-License-Identifier: MIT */
/*
 * The finder that starts from DRM's own list of clients, so that its cost has to do with these alone: read by
 * BPF programs, else as debugfs shows it.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include "drmlist.h"
#include "finders.h"

static const struct finder_ops *const ways[] = {
#ifdef HAVE_BPF
	&drmlist_by_bpf,
#endif
	&drmlist_by_debugfs,
};

struct drmlist {
	const struct finder_ops *way;
	void *state;
};

/* What else is a character device has no list. */
static bool has_other_majors(const struct finder_env *env)
{
	for (size_t i = 0; i < env->n_majors; i++)
		if (env->majors[i] != PROC_DRM_MAJOR && env->majors[i] != PROC_ACCEL_MAJOR)
			return true;
	return false;
}

static int drmlist_open(const struct finder_env *env, struct finder_why *why, void **ret)
{
	struct finder_why unasked;
	struct drmlist *d;
	int first = 0;

	if (has_other_majors(env))
		return finder_refuse(why, -EOPNOTSUPP, "it sees the devices of DRM only", NULL);
	d = calloc(1, sizeof(*d));
	if (!d)
		return -ENOMEM;
	for (size_t i = 0; i < N_OF(ways); i++) {
		int err;

		d->way = ways[i];
		/* the better way is the one to be had */
		err = d->way->open(env, i ? &unasked : why, &d->state);
		if (!err) {
			*ret = d;
			return 0;
		}
		first = first ? first : err;
	}
	free(d);
	return first;
}

static int drmlist_find(void *state, finder_emit *emit, void *arg)
{
	struct drmlist *d = state;

	return d->way->find(d->state, emit, arg);
}

static void drmlist_close(void *state)
{
	struct drmlist *d = state;

	d->way->close(d->state);
	free(d);
}

const struct finder_ops finder_by_drmlist = {
	.name = "drmlist",
	.help = "DRM's own list of clients, read in the kernel; needs CAP_BPF, CAP_PERFMON and CAP_SYSLOG, and CAP_SYS_PTRACE for others' processes",
	/* it loads no faster than bpf */
	.min_passes = 50,
	.open = drmlist_open,
	.find = drmlist_find,
	.close = drmlist_close,
};
