/* SPDX-License-Identifier: MIT */
/*
 * What a control group path says: systemd unit and slice, container, Kubernetes pod, Slurm job.
 * Pure text; it does not ask systemd, Docker or Kubernetes anything.
 */
#ifndef GPUTOP_CGROUP_H
#define GPUTOP_CGROUP_H

#include "types.h"

struct cgroup {
	char unit[256];		/* "foo.service", "session-2.scope"; "" if none */
	char slice[128];	/* "system.slice" */
	char container[80];	/* full id, usually 64 hex digits */
	char pod_uid[48];	/* dashes, as Kubernetes prints it */
	char slurm_job[24];
};

/*
 * The path out of the text of /proc/<pid>/cgroup: the "0::" line, else "name=systemd", else the
 * first. Borrowed from @text; absent if there is none.
 */
struct str cgroup_path(struct str text);

/* Decodes @path. Always succeeds; what is not recognised is "". Too long a part is left out, not cut. */
void cgroup_decode(struct str path, struct cgroup *ret);

#endif
