/* SPDX-License-Identifier: MIT */
/*
 * The walk of all descriptor tables in the kernel (kernel/bpf/holders.bpf.c), loaded by this process or pinned
 * by gputop-bpf-pin: iterators whose text is an array of struct bpf_holder. It does not know what the holders
 * are for.
 */
#ifndef GPUTOP_BPF_WALK_H
#define GPUTOP_BPF_WALK_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Where gputop-bpf-pin mounts a bpffs of its own (that of /sys/fs/bpf is root's alone under systemd), and what
 * is in it. The names end in a number that changes with struct bpf_holder.
 */
#define BPF_WALK_PINS "/run/gputop-bpf"
#define BPF_WALK_PIN_TASKS "tasks-1"
#define BPF_WALK_PIN_FILES "files-1"

struct bpf_walk;

/* Loads them for devices of @majors. 0 or -errno: -EPERM without CAP_BPF and CAP_PERFMON, ... */
int bpf_walk_load(const unsigned int *majors, size_t n_majors, struct bpf_walk **ret);

/*
 * Those that are pinned in @dir, for whoever may read the files there: that takes no bpf(2) and no capability.
 * 0, or -errno of opening them.
 */
int bpf_walk_open_pinned(const char *dir, struct bpf_walk **ret);

/* NULL is fine. */
void bpf_walk_close(struct bpf_walk *w);

/*
 * A descriptor to read one walk from, to its end; the caller's. @one_by_one: a call per descriptor, for
 * processes with more holders than the other way can say (its read fails with -E2BIG). Or -errno.
 */
int bpf_walk_begin(const struct bpf_walk *w, bool one_by_one);

/* Pins what was loaded in @dir of a bpffs, root's alone (mode 0600). 0 or -errno. */
int bpf_walk_pin(const struct bpf_walk *w, const char *dir);

#endif
