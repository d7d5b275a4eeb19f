/* SPDX-License-Identifier: MIT */
#include "doctor.h"

#include <errno.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../fdinfo/sysfs.h"

/* include/linux/proc_ns.h: the initial pid namespace. */
#define INITIAL_PIDNS "pid:[4026531836]"

struct doctor {
	struct doctor_facts facts;
	struct source *source;
	struct table *table;
	struct profiling_knob *knobs;
	struct finder_why why;	/* what no_snapshot points at */
};

static bool exists(const char *dir, const char *name)
{
	char path[PATH_MAX];

	return snprintf(path, sizeof(path), "%s/%s", dir, name) < PATH_MAX && access(path, F_OK) == 0;
}

/* One pass over the machine, with whatever finder serves for one. */
static int sample(struct doctor *d, const struct live_options *o)
{
	struct live_options live = *o;
	int err = table_new(&d->table);

	live.n_passes = 1;
	if (!err)
		err = source_live_new(&live, &d->why, &d->source);
	if (!err)
		err = source_next(d->source, d->table);
	if (err > 0)
		d->facts.snapshot = table_snapshot(d->table);
	else if (!*d->why.reason)
		snprintf(d->why.reason, sizeof(d->why.reason), "%s", strerror(-err));
	d->facts.no_snapshot = d->why.reason;
	return err == -ENOMEM ? err : 0;
}

/* The number after @key in @proc/self/status. */
static uint64_t status_number(const char *proc, const char *key, int base)
{
	char path[PATH_MAX], line[256];
	uint64_t n = UNKNOWN;
	FILE *f;

	snprintf(path, sizeof(path), "%s/self/status", proc);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f))
		if (strncmp(line, key, strlen(key)) == 0)
			n = strtoull(line + strlen(key), NULL, base);
	if (f)
		(void)fclose(f);
	return n;
}

static void gather_hidepid(struct doctor_facts *f, const char *proc)
{
	char path[PATH_MAX];
	struct mntent *m;
	FILE *mounts;

	snprintf(path, sizeof(path), "%s/self/mounts", proc);
	mounts = setmntent(path, "re");
	while (mounts && (m = getmntent(mounts))) {
		const char *option;

		if (strcmp(m->mnt_type, "proc") != 0 || strcmp(m->mnt_dir, proc) != 0)
			continue;
		option = hasmntopt(m, "hidepid");
		if (option && sscanf(option, "hidepid=%15[^,]", f->hidepid) != 1)
			f->hidepid[0] = '\0';
	}
	if (mounts)
		endmntent(mounts);
}

static void gather_nodes(struct doctor_facts *f, const char *dev)
{
	const struct snapshot *s = f->snapshot;
	char path[PATH_MAX];

	for (size_t i = 0; s && i < s->n_devices; i++)
		for (size_t k = 0; k < s->devices[i].device.n_nodes; k++) {
			const char *name = s->devices[i].device.nodes[k].name;
			size_t len = strlen(f->missing_nodes);

			snprintf(path, sizeof(path), "%s/%s", strncmp(name, "accel", 5) ? "dri" : "accel", name);
			if (!exists(dev, path))
				snprintf(f->missing_nodes + len, sizeof(f->missing_nodes) - len, "%s%s",
					 len ? ", " : "", name);
		}
}

static int gather_finders(struct doctor_facts *f, const struct live_options *o)
{
	struct finder_env env = { .sys = o->sys };
	struct devices *devices = NULL;
	struct proc proc;
	int err = proc_init(&proc, o->proc);

	/* without a procfs there is no snapshot, which says why */
	if (err)
		return 0;
	f->has_fd_counts = proc.has_fd_counts;
	env.proc = &proc;
	if (o->majors)
		memcpy(env.majors, o->majors, o->n_majors * sizeof(*o->majors));
	env.n_majors = o->majors ? o->n_majors : proc_gpu_majors(&proc, env.majors, FINDER_MAX_MAJORS);
	err = devices_new(o->sys, &devices);
	env.devices = devices;
	for (size_t i = 0; !err && finders[i] && i < DOCTOR_MAX_FINDERS; i++) {
		struct doctor_finder *finder = &f->finders[f->n_finders++];
		struct finder *opened = NULL;

		finder->name = finders[i]->name;
		finder->is_open = finder_new(finder->name, &env, &finder->why, &opened) == 0;
		finder_free(opened);
	}
	devices_free(devices);
	proc_done(&proc);
	return err;
}

static void gather_rights(struct doctor_facts *f, const char *proc)
{
	char ns[32];

	f->uid = status_number(proc, "Uid:", 10);
	f->capabilities = status_number(proc, "CapEff:", 16);
	f->is_contained = sysfs_link(proc, "self/ns/pid", ns, sizeof(ns)) == 0 && strcmp(ns, INITIAL_PIDNS) != 0;
	gather_hidepid(f, proc);
}

static void gather_limits(struct doctor_facts *f, const char *socket)
{
	struct source *daemon = NULL;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0)
		f->max_fds = limit.rlim_max;
	f->socket_err = source_socket_new(socket, 0, &daemon);
	source_free(daemon);
}

int doctor_gather(const struct live_options *o, const char *dev, const char *socket, struct doctor **ret)
{
	const char *proc = o->proc ? o->proc : "/proc", *sys = o->sys ? o->sys : "/sys";
	struct doctor *d = calloc(1, sizeof(*d));
	struct doctor_facts *f;
	int err;

	if (!d)
		return -ENOMEM;
	f = &d->facts;
	err = sample(d, o);
	if (!err)
		err = gather_finders(f, o);
	if (!err)
		err = profiling_find(o->sys, &d->knobs, &f->n_knobs);
	if (err) {
		doctor_free(d);
		return err;
	}
	f->knobs = d->knobs;
	sysfs_read(proc, "sys/kernel/osrelease", f->kernel, sizeof(f->kernel));
	f->has_btf = exists(sys, "kernel/btf/vmlinux");
	f->has_livepatch = exists(sys, "kernel/livepatch");
	gather_rights(f, proc);
	gather_nodes(f, dev);
	gather_limits(f, socket);
	*ret = d;
	return 0;
}

struct doctor_facts *doctor_facts(struct doctor *d)
{
	return &d->facts;
}

void doctor_free(struct doctor *d)
{
	if (!d)
		return;
	source_free(d->source);
	table_free(d->table);
	free(d->knobs);
	free(d);
}
