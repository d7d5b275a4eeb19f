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
	char container[80];	/* full id, usually 64 hex digits; an LXC container's name */
	char pod_uid[48];	/* dashes, as Kubernetes prints it */
	char slurm_job[24];
};

/*
 * The path out of the text of /proc/<pid>/cgroup: the "0::" line, else "name=systemd", else the
 * first; "/" only where no line says more (cgroup v1 keeps "0::/" beside the line that counts).
 * Without the " (deleted)" that the kernel appends to the path of a removed group.
 * Borrowed from @text; absent if there is none.
 */
struct str cgroup_path(struct str text);

/*
 * Decodes @path, what is innermost where things are nested: a Docker container in a Kubernetes pod
 * has that container's id and that pod's uid. Unit and slice are unescaped ("\x2d" is "-").
 * Always succeeds; what is not recognised is "". Too long a part is left out, not cut.
 */
void cgroup_decode(struct str path, struct cgroup *ret);

#endif
