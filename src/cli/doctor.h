/* SPDX-License-Identifier: MIT */
/*
 * What helps and what hinders gputop on this machine, for a person: facts are gathered, findings are a
 * function of the facts, and text or JSON is made of the findings. It changes nothing and wakes nothing.
 */
#ifndef GPUTOP_DOCTOR_H
#define GPUTOP_DOCTOR_H

#include "../fdinfo/source.h"
#include "profiling.h"

struct doctor_finder {
	const char *name;
	bool is_open;
	struct finder_why why;	/* if not */
};

#define DOCTOR_MAX_FINDERS 12

struct doctor_facts {
	const struct snapshot *snapshot;	/* of one pass; NULL: there was none, and why */
	const char *no_snapshot;
	char kernel[64];		/* release; "" unknown */
	bool has_fd_counts, has_btf, has_livepatch;
	uint64_t uid;			/* UNKNOWN */
	uint64_t capabilities;		/* effective ones; UNKNOWN */
	bool is_contained;		/* in a pid namespace of its own */
	char hidepid[16];		/* of procfs; "" or "0": nothing hidden */
	char missing_nodes[256];	/* names of devices' nodes that are not in /dev */
	struct doctor_finder finders[DOCTOR_MAX_FINDERS];
	size_t n_finders;
	const struct profiling_knob *knobs;
	size_t n_knobs;
	uint64_t max_fds;		/* RLIMIT_NOFILE */
	int socket_err;			/* of asking gputopd: 0 it answers, or -errno */
	bool is_terminal, is_utf8;
	int colors;			/* of the terminal; below 8: too few to use */
};

struct doctor;

/*
 * Looks at the machine whose procfs, sysfs and majors are those of @o, and whose nodes are in @dev. What
 * cannot be learned is left unknown. The terminal's facts are the caller's. 0 or -ENOMEM.
 */
int doctor_gather(const struct live_options *o, const char *dev, const char *socket, struct doctor **ret);
struct doctor_facts *doctor_facts(struct doctor *d);
void doctor_free(struct doctor *d);

enum doctor_mark { DOCTOR_OK, DOCTOR_NOTE, DOCTOR_PROBLEM };

struct doctor_finding {
	enum doctor_mark mark;
	const char *area;	/* static: "devices", "kernel", ... */
	char text[320];
	char remedy[256];	/* what to do; "" if nothing needs to be done */
};

struct doctor_findings {
	struct doctor_finding *list;
	size_t n, size;
	int err;		/* -ENOMEM: the list is not all */
};

/* What follows from the facts, area by area. */
void doctor_judge(const struct doctor_facts *f, struct doctor_findings *ret);
void doctor_findings_done(struct doctor_findings *fs);
/* True if one of them is a problem. */
bool doctor_is_hindered(const struct doctor_findings *fs);

/* Errors stay in out->err. */
void doctor_text(const struct doctor_findings *fs, struct buf *out);
/* One object, schema "gputop-doctor/1". */
void doctor_json(const struct doctor_findings *fs, struct buf *out);

#endif
