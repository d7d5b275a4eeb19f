/* SPDX-License-Identifier: MIT */
/*
 * Drivers that count what their engines do only when told to: panfrost and panthor have a switch, off unless
 * somebody turns it on, because counting costs power. It does not know clients.
 *
 * The attribute is bus/platform/drivers/DRIVER/DEVICE/profiling (Documentation/ABI/testing/
 * sysfs-driver-panfrost-profiling: 0 or 1; -panthor-profiling: 1 cycles, 2 time stamps, 3 both). Before 6.10
 * panfrost had kernel/debug/dri/N/profile instead.
 */
#ifndef GPUTOP_PROFILING_H
#define GPUTOP_PROFILING_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

struct profiling_knob {
	char driver[16];
	char device[64];	/* its directory: "fb000000.gpu", "dri/0" */
	char path[PATH_MAX];
	unsigned int value;	/* as it is */
	unsigned int on;	/* what turns all of it on */
};

/* The switches below @sys (NULL: "/sys"), to be freed; none is no error. 0 or -ENOMEM. */
int profiling_find(const char *sys, struct profiling_knob **ret, size_t *ret_n);

struct profiling;

/*
 * Puts back what a run left that was killed together with its guardian (below), unless another one is
 * under way. Where there is nothing to put back, or no right to, it does nothing.
 */
void profiling_recover(const char *sys);

/*
 * Turns all switches on or off until profiling_end(), or until this process ends in whatever way: a guardian
 * process then puts back what was, from a file in /run (for root), $XDG_RUNTIME_DIR or, before either,
 * $GPUTOP_RUNDIR. Of several runs at a time the last one to end does. Returns 0, or -errno with @error (of @size)
 * saying what went wrong.
 */
int profiling_begin(const char *sys, bool on, struct profiling **ret, char *error, size_t size);

/* NULL is fine. */
void profiling_end(struct profiling *p);

#endif
