/* SPDX-License-Identifier: MIT */
#include "doctor.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/capability.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "../fdinfo/array.h"

/* The findings of an area. */
struct judge {
	const struct doctor_facts *facts;
	struct doctor_findings *findings;
	const char *area;
};

static void add(struct judge *j, enum doctor_mark mark, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void add(struct judge *j, enum doctor_mark mark, const char *format, ...)
{
	struct doctor_findings *fs = j->findings;
	struct doctor_finding *f;
	va_list ap;

	if (ARRAY_RESERVE(&fs->list, &fs->size, fs->n + 1)) {
		fs->err = -ENOMEM;
		return;
	}
	f = &fs->list[fs->n++];
	*f = (struct doctor_finding){ .mark = mark, .area = j->area };
	va_start(ap, format);
	vsnprintf(f->text, sizeof(f->text), format, ap);
	va_end(ap);
}

static void remedy(struct judge *j, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What to do about the finding added last. */
static void remedy(struct judge *j, const char *format, ...)
{
	struct doctor_findings *fs = j->findings;
	struct doctor_finding *f;
	va_list ap;

	if (fs->err)
		return;
	f = &fs->list[fs->n - 1];
	va_start(ap, format);
	vsnprintf(f->remedy, sizeof(f->remedy), format, ap);
	va_end(ap);
}

static bool has_capability(const struct doctor_facts *f, unsigned int capability)
{
	return f->capabilities != UNKNOWN && f->capabilities >> capability & 1;
}

/* Appends to @list, of @size. */
static void append(char *list, size_t size, const char *first, const char *name)
{
	size_t len = strlen(list);

	snprintf(list + len, size - len, "%s%s", len ? ", " : first, name);
}

static void judge_exports(struct judge *j, const struct snapshot_device *d)
{
	char engines[128] = "", regions[128] = "";

	for (size_t i = 0; i < d->n_engines; i++)
		append(engines, sizeof(engines), "engines ", d->engines[i].name);
	for (size_t i = 0; i < d->n_regions; i++)
		append(regions, sizeof(regions), "memory ", d->regions[i].name);
	add(j, DOCTOR_OK, "%s: the driver tells of %s%s%s", d->device.gpu, engines,
	    *engines && *regions ? "; " : "", regions);
}

/* What the clients of @d printed, and whether they say who they are. */
static void judge_clients(struct judge *j, const struct snapshot_device *d)
{
	const struct snapshot *s = j->facts->snapshot;
	size_t n_nameless = 0, n_read = 0;

	for (size_t i = 0; i < s->n_clients; i++) {
		const struct snapshot_client *c = &s->clients[i];

		n_read += c->device == d && c->text.ptr;
		n_nameless += c->device == d && c->text.len && c->id == UNKNOWN;
	}
	if (d->n_engines || d->n_regions) {
		judge_exports(j, d);
	} else if (n_read) {
		add(j, DOCTOR_NOTE, "%s: the driver tells no usage, only who has it open is known", d->device.gpu);
		remedy(j, "a newer kernel may have more of it (drm-usage-stats)");
	} else {
		add(j, DOCTOR_NOTE, "%s: what the driver tells is not known: %s", d->device.gpu,
		    d->n_clients ? "no usage of its clients was read" : "nobody has it open");
		remedy(j, "look again while a program uses it");
	}
	if (n_nameless) {
		add(j, DOCTOR_NOTE, "%s: clients without a drm-client-id (%zu): one that processes share counts in each",
		    d->device.gpu, n_nameless);
		remedy(j, "Linux 6.5 or later");
	}
}

static void judge_device(struct judge *j, const struct snapshot_device *sd)
{
	static const char *const power[] = {
		[DEVICE_POWER_UNKNOWN] = "", [DEVICE_AWAKE] = ", awake",
		[DEVICE_ASLEEP] = ", asleep: it is left so, and its clients' usage is not read",
	};
	const struct device *d = &sd->device;
	char nodes[DEVICE_MAX_NODES * sizeof(d->nodes[0].name)] = "";

	for (size_t i = 0; i < d->n_nodes; i++)
		append(nodes, sizeof(nodes), "", d->nodes[i].name);
	add(j, DOCTOR_OK, "%s: %s, driver %s, %s%s", d->gpu, d->name, *d->driver ? d->driver : "unknown",
	    nodes, power[d->power]);
	judge_clients(j, sd);
}

static void judge_devices(struct judge *j)
{
	const struct snapshot *s = j->facts->snapshot;

	j->area = "devices";
	if (!s) {
		add(j, DOCTOR_PROBLEM, "this machine cannot be looked at: %s", j->facts->no_snapshot);
		return;
	}
	if (!s->n_devices) {
		add(j, DOCTOR_PROBLEM, "no GPU or NPU is to be seen in sysfs");
		remedy(j, "load its driver; in a container, mount the host's /sys");
	}
	for (size_t i = 0; i < s->n_devices; i++)
		judge_device(j, &s->devices[i]);
	if (*j->facts->missing_nodes) {
		add(j, DOCTOR_NOTE, "not in /dev: %s; programs here cannot use it, gputop sees it all the same",
		    j->facts->missing_nodes);
		remedy(j, "in a container: --device /dev/dri");
	}
}

static void judge_knobs(struct judge *j)
{
	for (size_t i = 0; i < j->facts->n_knobs; i++) {
		const struct profiling_knob *k = &j->facts->knobs[i];

		if (k->value == k->on) {
			add(j, DOCTOR_OK, "%s %s counts what its engines do", k->driver, k->device);
			continue;
		}
		add(j, DOCTOR_PROBLEM, "%s %s counts %s of what its engines do", k->driver, k->device,
		    k->value ? "only a part" : "nothing");
		remedy(j, "gputop --profiling on, or echo %u >%.200s", k->on, k->path);
	}
}

static void judge_kernel(struct judge *j)
{
	const struct doctor_facts *f = j->facts;

	j->area = "kernel";
	add(j, DOCTOR_OK, "Linux %s", *f->kernel ? f->kernel : "of unknown version");
	if (f->has_fd_counts) {
		add(j, DOCTOR_OK, "it counts the descriptors of a process");
	} else {
		add(j, DOCTOR_NOTE, "it does not count the descriptors of a process: finder cached looks at all every 5 s");
		remedy(j, "Linux 6.2 or later");
	}
	if (f->has_btf) {
		add(j, DOCTOR_OK, "it describes its types (BTF), which finders in the kernel need");
	} else {
		add(j, DOCTOR_NOTE, "it does not describe its types (BTF): no finders in the kernel");
		remedy(j, "a kernel with CONFIG_DEBUG_INFO_BTF");
	}
	if (f->has_livepatch) {
		add(j, DOCTOR_OK, "it can be patched while it runs, which gputop_proc needs");
	} else {
		add(j, DOCTOR_NOTE, "it cannot be patched while it runs, which gputop_proc needs for /proc/<pid>/gpu");
		remedy(j, "a kernel with CONFIG_LIVEPATCH, or with the patches of kernel/patches");
	}
}

static void judge_privilege(struct judge *j, bool sees_all)
{
	const struct doctor_facts *f = j->facts;
	uint64_t denied = f->snapshot ? f->snapshot->frame.scan.denied : 0;

	if (!sees_all) {
		add(j, DOCTOR_PROBLEM, "without CAP_SYS_PTRACE (user %" PRIu64 ") others' clients are hidden; processes "
		    "that may not be looked at: %" PRIu64, f->uid, denied);
		remedy(j, "run as root, or gputopd (systemctl enable --now gputopd)");
	} else if (!has_capability(f, CAP_DAC_READ_SEARCH)) {
		add(j, DOCTOR_NOTE, "without CAP_DAC_READ_SEARCH others' clients are found by reading every text, and not "
		    "at all while a device sleeps");
		remedy(j, "add the capability");
	} else if (denied) {
		add(j, DOCTOR_NOTE, "processes that may not be looked at in spite of all capabilities: %" PRIu64, denied);
		remedy(j, "see what forbids it: a security module, a sandbox");
	} else {
		add(j, DOCTOR_OK, "every process may be looked at");
	}
}

static void judge_rights(struct judge *j)
{
	const struct doctor_facts *f = j->facts;
	bool sees_all = has_capability(f, CAP_SYS_PTRACE), is_helped = !sees_all && f->socket_err == 0;
	bool is_hidden = *f->hidepid && strcmp(f->hidepid, "0") != 0 && strcmp(f->hidepid, "off") != 0;

	j->area = "rights";
	if (is_helped)
		add(j, DOCTOR_OK, "without CAP_SYS_PTRACE (user %" PRIu64 ") gputopd is asked", f->uid);
	else
		judge_privilege(j, sees_all);
	if (is_hidden && !sees_all && !is_helped) {
		add(j, DOCTOR_PROBLEM, "/proc is mounted with hidepid=%s: others' processes are not even counted",
		    f->hidepid);
		remedy(j, "run as root, or in the group that the mount option gid names");
	}
	if (f->is_contained) {
		add(j, DOCTOR_NOTE, "a pid namespace of its own, as in a container: no process outside of it is seen");
		remedy(j, "run on the host, or with its pid namespace (--pid=host)");
	}
}

/* Whatever the finder says to do about it: gputop_proc is a live patch. */
static bool cannot_be_had(const struct doctor_facts *f, const struct doctor_finder *finder)
{
	return !f->has_livepatch && strcmp(finder->name, "procgpu") == 0;
}

static void judge_finders(struct judge *j)
{
	const struct doctor_facts *f = j->facts;
	const char *first = NULL;

	j->area = "finders";
	for (size_t i = 0; i < f->n_finders; i++) {
		const struct doctor_finder *finder = &f->finders[i];

		if (finder->is_open && !first)
			first = finder->name;
		if (finder->is_open) {
			add(j, DOCTOR_OK, "%s works%s", finder->name,
			    finder->name == first ? ", and is the one that gputop takes" : "");
		} else {
			add(j, DOCTOR_NOTE, "%s does not: %s", finder->name, finder->why.reason);
			remedy(j, "%s", cannot_be_had(f, finder) ? "" : finder->why.remedy);
		}
	}
	if (f->snapshot && first && strcmp(f->snapshot->frame.scan.finder, first) != 0)
		add(j, DOCTOR_OK, "%s is taken for a few frames: %s starts slowly", f->snapshot->frame.scan.finder, first);
}

static void judge_daemon(struct judge *j)
{
	int err = j->facts->socket_err;

	j->area = "gputopd";
	if (err == 0) {
		add(j, DOCTOR_OK, "it answers");
	} else if (err == -EACCES || err == -EPERM) {
		add(j, DOCTOR_NOTE, "this user may not ask it");
		remedy(j, "join the group gputop");
	} else {
		add(j, DOCTOR_NOTE, "it does not run: nobody shows others' clients to users, or remembers usage");
		remedy(j, "systemctl enable --now gputopd");
	}
}

static void judge_limits(struct judge *j)
{
	uint64_t processes = j->facts->snapshot ? j->facts->snapshot->frame.scan.processes : 0;

	j->area = "limits";
	if (j->facts->max_fds >= processes + 64) {
		add(j, DOCTOR_OK, "enough descriptors may be open");
		return;
	}
	add(j, DOCTOR_NOTE, "%" PRIu64 " descriptors may be open (RLIMIT_NOFILE), and finder cached keeps one for each of %"
	    PRIu64 " processes", j->facts->max_fds, processes);
	remedy(j, "ulimit -Hn %" PRIu64, 2 * processes + 64);
}

static void judge_terminal(struct judge *j)
{
	const struct doctor_facts *f = j->facts;

	j->area = "terminal";
	if (!f->is_terminal)
		return;
	if (f->is_utf8) {
		add(j, DOCTOR_OK, "it is UTF-8");
	} else {
		add(j, DOCTOR_NOTE, "it is not UTF-8: bars and plots are drawn in ASCII");
		remedy(j, "a UTF-8 locale, such as LC_ALL=C.UTF-8");
	}
	if (f->colors >= 8) {
		add(j, DOCTOR_OK, "it has %d colours", f->colors);
	} else {
		add(j, DOCTOR_NOTE, "it has no colours");
		remedy(j, "TERM=xterm-256color, if that is what it is");
	}
}

void doctor_judge(const struct doctor_facts *f, struct doctor_findings *ret)
{
	struct judge j = { .facts = f, .findings = ret };

	judge_devices(&j);
	judge_knobs(&j);
	judge_kernel(&j);
	judge_rights(&j);
	judge_finders(&j);
	judge_daemon(&j);
	judge_limits(&j);
	judge_terminal(&j);
}

void doctor_findings_done(struct doctor_findings *fs)
{
	free(fs->list);
	*fs = (struct doctor_findings){ 0 };
}

bool doctor_is_hindered(const struct doctor_findings *fs)
{
	for (size_t i = 0; i < fs->n; i++)
		if (fs->list[i].mark == DOCTOR_PROBLEM)
			return true;
	return false;
}
