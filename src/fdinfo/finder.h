/* SPDX-License-Identifier: MIT */
/*
 * Finders: the ways to find who holds a GPU device file. All of them yield the same holders on the
 * same machine; they differ in cost and in the rights they need. They do not know clients or counters.
 */
#ifndef GPUTOP_FINDER_H
#define GPUTOP_FINDER_H

#include <sys/types.h>

#include "device.h"
#include "proc.h"
#include "types.h"

/*
 * A (pid, fd) that refers to a GPU device file. O_PATH descriptors do not: nothing was opened through
 * them, so there is no client. They show in the text alone (flags), so that one of a sleeping device
 * is taken for a holder.
 */
struct holder {
	pid_t pid;		/* 0: there is a client, but no process to name */
	int fd;			/* -1: the process is named, a descriptor of it is not */
	dev_t rdev;		/* of the node; 0 where the finder may not learn it */
	struct str text;	/* the fdinfo, borrowed for the call; absent if it was not read: the device
				 * sleeps */
	bool is_sharer;		/* text tells which client it is, no more: its drm-driver, drm-pdev and
				 * drm-client-id, or any reading of it. Its usage comes with another holder */
	uint64_t t_ns;		/* CLOCK_MONOTONIC: when text was read, else when the descriptor was seen */
};

/* Non-zero stops the pass and is what finder_find() returns. */
typedef int finder_emit(void *arg, const struct holder *h);

#define FINDER_MAX_MAJORS 8

/* What every finder is given. Borrowed for the finder's life; the devices may be refreshed between passes. */
struct finder_env {
	struct proc *proc;		/* counts the cost in proc->scan */
	const struct devices *devices;	/* which of them sleep: their fdinfo is not read */
	unsigned int majors[FINDER_MAX_MAJORS];
	size_t n_majors;
	uint64_t stale_ns;		/* how old what a finder remembers may get; 0: it chooses */
	uint64_t n_passes;		/* that are wanted: what auto goes by; 0: no end */
	const char *dev;		/* where dri/ and accel/ are; NULL: "/dev" */
	const char *sys;		/* where sysfs is; NULL: "/sys" */
};

struct finder;

/* Why a finder cannot work here, for a person: no full stops, lower case where the words allow it. */
struct finder_why {
	char reason[96];	/* "the module gputop_proc is not loaded" */
	char remedy[96];	/* what to do about it, "modprobe gputop_proc"; empty: nothing */
};

/* Fills @why and returns @err: what a finder's open() ends with. @remedy may be NULL. */
int finder_refuse(struct finder_why *why, int err, const char *reason, const char *remedy);

struct finder_ops {
	const char *name;
	const char *help;	/* one line: how it finds and what it needs */
	uint64_t min_passes;	/* it starts slowly: auto leaves it out where fewer are wanted */
	/*
	 * 0 with @ret (the ops' own state), or -errno with @why (never NULL, empty before; what is left
	 * empty is said by the error's name).
	 */
	int (*open)(const struct finder_env *env, struct finder_why *why, void **ret);
	int (*find)(void *state, finder_emit *emit, void *arg);
	void (*close)(void *state);
};

/*
 * Every finder, the one to try first first: the cheapest (BENCHMARKS.md); NULL-terminated.
 *   drmlist DRM's own list of clients, read in the kernel (kernel/bpf): exact in clients at each pass, those
 *           without a descriptor included, and in the descriptors of processes that have one; another that
 *           came to hold one without opening it is seen within stale_ns (30 s; listed.h). DRM's majors only,
 *           this machine's own /proc; CAP_BPF, CAP_PERFMON and CAP_SYSLOG. Else debugfs names the processes
 *           of clients to root, and all others are looked into once in stale_ns. Clients on a device that
 *           was unplugged before it opened are not seen
 *   bpf     asks the kernel (kernel/bpf): exact at each pass, no procfs but for the texts. This machine's own
 *           /proc only, with BTF; -EPERM without CAP_BPF and CAP_PERFMON. Absent where it was not built
 *   stat    statx of every descriptor: the reference
 *   name    readlink of every descriptor; misses nodes that are not under /dev/dri and /dev/accel
 *           (other majors than those two: not under /dev)
 *   fdinfo  reads every fdinfo; misses drivers that print no usage
 *   cached  stat, but of a process only when it is new or its number of descriptors changed; besides, each
 *           within stale_ns (30 s; 5 s where the kernel does not count), and all when a node is opened.
 *           A descriptor that takes another's place in a process is seen that much later at worst
 *   procgpu reads all clients of the kernel module gputop_proc at once: exact in clients at each pass, those
 *           without a descriptor included, and no process but theirs has a part in the cost. A descriptor in
 *           another process is seen at once, too, but within stale_ns (30 s) where its client is mapped, or
 *           where two changes left the client's number of references as it was (listed.h). It asks each
 *           process where the list hides a client from this reader
 * A process whose fd/ is denied is walked as fdinfo does it, whatever the finder, because procfs asks
 * for less there: with CAP_SYS_PTRACE alone, fd/ (mode 0500) is closed and fdinfo/ is open. The node
 * is then not learned, so that nobody could tell whether it sleeps: while any device does, such a
 * process counts as denied.
 * None sees what a process hides from the files of its thread group leader: threads with a descriptor
 * table of their own (clone(2) without CLONE_FILES), and every thread once the leader has exited.
 */
extern const struct finder_ops *const finders[];

/*
 * Opens the finder called @name; "auto" is the first of finders[] that opens and whose start env->n_passes
 * makes up for. -ENOENT: no such name; else -errno, and why it did not open in @why (NULL: nobody asks).
 */
int finder_new(const char *name, const struct finder_env *env, struct finder_why *why, struct finder **ret);
void finder_free(struct finder *f);

/* The name of what is open: never "auto", which may go over to another (finder_find()). Static. */
const char *finder_name(const struct finder *f);

/*
 * What auto tried first and why it did not take it, "procgpu: the kernel module gputop_proc is not loaded;
 * bpf: ...", cut to fit struct scan; "" if there is nothing to say. Borrowed.
 */
const char *finder_passed_over(const struct finder *f);

/*
 * One pass: emits each holder once. Vanished processes and denied ones are counted in env->proc->scan
 * (denied: once per process) and are no error. Returns 0, what emit returned, or -errno: of /proc itself,
 * -ENOMEM, -EMFILE, -ENFILE; -ENODEV before anything was emitted if what the finder asks is gone, or
 * cannot tell any more, instead of which "auto" goes on with the next one that opens.
 */
int finder_find(struct finder *f, finder_emit *emit, void *arg);

/* True if @rdev has one of env's majors. */
bool finder_env_has_major(const struct finder_env *env, dev_t rdev);

#endif
